import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientTime } from '../../../../src/analysis/assemble/client-time.ts';
import type { ClientMeasure, ClientTiming } from '../../../../src/analysis/assemble/client-timing.ts';
import { COMPONENT_ATTRIBUTE } from '../../../../src/analysis/timing/component.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import { after, between, nanos, type EpochNanos } from '../../../../src/trace/time.ts';
import type { Trace, TraceInput } from '../../../../src/trace/trace.ts';
import { drawSpans, named } from '../../../support/draw-trace.ts';

const MILLI = 1_000_000;
const measured: ClientMeasure = {
  dns: nanos(0),
  connect: nanos(1 * MILLI),
  tls: nanos(3 * MILLI),
  send: nanos(1 * MILLI),
  wait: nanos(1 * MILLI),
  receive: nanos(1 * MILLI),
  roundTrip: nanos(4 * MILLI),
  tenths: null,
  tlsEnd: null,
};
const WITH_SERVER = `
  GET@kubectl-trace:client      |--------------------------------------------------|
    request@apiserver:server                              |--------|
`;

/** A column is a millisecond. */
function drawMillis(picture: string, served: Pick<TraceInput, 'source' | 'precision'> = { source: 'span' }): Trace {
  const spans = drawSpans(picture);
  const [first] = spans;
  const scaled = (at: EpochNanos): EpochNanos =>
    first === undefined ? at : after(first.start, nanos(between(first.start, at) * MILLI));
  const inputs = spans.map((span): TraceInput => {
    const row = { span: { ...span, start: scaled(span.start), end: scaled(span.end) }, inferred: false };
    return span.kind === 'server' ? { ...row, ...served } : { ...row, source: 'span' };
  });
  return buildTrace(inputs) as Trace;
}

/** Component, name and place in milliseconds of the rows below GET. */
function rows(
  picture: string,
  own: Partial<ClientMeasure> = {},
  over: Partial<ClientTiming> = {},
  served?: Pick<TraceInput, 'source' | 'precision'>,
): string[] {
  const trace = drawMillis(picture, served);
  const { span } = named(trace, 'GET');
  const timing: ClientTiming = {
    span,
    dns: null,
    connect: nanos(3 * MILLI),
    tls: nanos(9 * MILLI),
    receive: nanos(3 * MILLI),
    responseBytes: 1024,
    hasResponse: true,
    measured: { ...measured, ...own },
    ...over,
  };
  return clientTime(trace, [timing]).map(({ span: row, source }) => {
    const [from, to] = [row.start, row.end].map((at) => between(span.start, at) / MILLI);
    return `${row.attributes[COMPONENT_ATTRIBUTE] as string}: ${row.name} ${from}-${to} ${source}`;
  });
}

test('what counts from the arrival of the request has authentication in it', () => {
  const isNamed = (served: Pick<TraceInput, 'source' | 'precision'>): boolean =>
    rows(WITH_SERVER, {}, {}, served).some((row) => row.includes('authentication'));
  assert.equal(isNamed({ source: 'metric', precision: 'exact' }), false);
  assert.equal(isNamed({ source: 'audit', precision: 'exact' }), false);
  // It begins with the first stage that is known, after authentication.
  assert.equal(isNamed({ source: 'metric', precision: 'inferred' }), true);
  assert.equal(isNamed({ source: 'span' }), true);
});

test('client, network and what neither explains are separate rows', () => {
  assert.deepEqual(rows(WITH_SERVER), [
    'client: client: TLS, preparing the request 0-5 client',
    'network: connect: TCP 2.00 ms, TLS 4.00 ms 5-11 client',
    'network-or-gateway: TLS: network or gateway (inferred) 11-13 gap',
    'network: network to the API server 13-15 client',
    'network-or-gateway: network or gateway, authentication (inferred) 15-26 gap',
    'network: network: response of 1.0 KiB 35-39 client',
    'network-or-gateway: network or gateway (inferred) 39-49 gap',
    'client: client: read the response 49-51 client',
  ]);
});

test('a certificate of the API server makes its part of the handshake its own', () => {
  assert.equal(rows(WITH_SERVER, { tlsEnd: 'apiserver' })[2], 'apiserver: TLS in the API server (inferred) 11-13 gap');
  assert.equal(
    rows(WITH_SERVER, { tlsEnd: 'apiserver' })[4],
    'network-or-gateway: network, authentication (inferred) 15-26 gap',
  );
});

test('a long round trip explains all that is outside the server’s span', () => {
  const names = rows(WITH_SERVER, { roundTrip: nanos(40 * MILLI) });
  assert.deepEqual(
    names.filter((row) => row.startsWith('network-or-gateway')),
    [],
  );
});

test('without spans the round trip is known, and the rest is the server or a gateway', () => {
  assert.deepEqual(rows('GET@kubectl-trace:client |--------------------|'), [
    'client: client: TLS, preparing the request 0-5 client',
    'network: connect: TCP 2.00 ms, TLS 4.00 ms 5-11 client',
    'network-or-gateway: TLS: network or gateway (inferred) 11-13 gap',
    'network: network 13-17 client',
    'network: network: response of 1.0 KiB 17-19 client',
    'client: client: read the response 19-21 client',
  ]);
});

test('rows of a reused connection begin with sending', () => {
  const own = { connect: nanos(0), tls: nanos(0) };
  assert.deepEqual(
    rows(WITH_SERVER, own, { connect: null, tls: null })[0],
    'client: client: preparing the request 0-1 client',
  );
});
