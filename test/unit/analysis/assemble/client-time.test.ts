import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientTime } from '../../../../src/analysis/assemble/client-time.ts';
import type { ClientTiming } from '../../../../src/analysis/assemble/client-timing.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { between, nanos } from '../../../../src/trace/time.ts';
import type { Trace } from '../../../../src/trace/trace.ts';
import { drawTrace, named } from '../../../support/draw-trace.ts';

/** Name, place and whether it is inferred, of the rows that explain the span GET. */
function rows(trace: Trace, timing: Partial<ClientTiming> = {}): string[] {
  const { span } = named(trace, 'GET');
  const full = {
    span,
    dns: null,
    connect: nanos(2),
    tls: nanos(4),
    receive: nanos(3),
    responseBytes: 1024,
    hasResponse: true,
  };
  return clientTime(trace, [{ ...full, ...timing }]).map(({ span: row, inferred, parent }) => {
    assert.equal(parent, span);
    return `${row.name} ${offset(span, row.start)}-${offset(span, row.end)}${inferred ? '' : ' measured'}`;
  });
}
const offset = (span: Span, at: Span['start']): number => between(span.start, at);

test('time around the server span is shown as unmeasured', () => {
  const trace = drawTrace(`
    GET@kubectl-trace:client      |-------------------|
      request@apiserver:server             |------|
  `);
  assert.deepEqual(rows(trace), [
    'connect: TCP 2 ns, TLS 4 ns 0-6 measured',
    'network, authentication (inferred) 6-9',
    'response on its way (inferred), read 16-20',
  ]);
});

test('authentication inside the server span leaves only network time around it', () => {
  const trace = drawTrace(`
    GET@kubectl-trace:client      |-------------------|
      request@apiserver:server             |------|
        authentication                     |-|
  `);
  assert.equal(rows(trace)[1], 'network (inferred) 6-9');
});

test('parts of a server without a server span are labeled as such', () => {
  const trace = drawTrace(`
    GET@kubectl-trace:client      |-------------------|
      List@apiserver                       |---|
      KV/Range@etcd:server                       |-|
  `);
  assert.deepEqual(rows(trace).slice(1), [
    'network, server (inferred: its span is not in) 6-9',
    'response on its way (inferred), read 17-20',
  ]);
});

test('a reused connection takes no time, and neither does a response that arrives with the end', () => {
  const trace = drawTrace(`
    GET@kubectl-trace:client      |-------------------|
      request@apiserver:server    |-------------------|
  `);
  assert.deepEqual(rows(trace, { connect: null, tls: null }), []);
});

test('without a server span the time between request and response is one row, and reading is measured', () => {
  const trace = drawTrace('GET@kubectl-trace:client |-------------------|');
  assert.deepEqual(rows(trace), [
    'connect: TCP 2 ns, TLS 4 ns 0-6 measured',
    'network, apiserver, etcd (no spans) 6-17',
    'read the response, 1.0 KiB 17-20 measured',
  ]);
});

test('a request without a response has a "no response" row up to its end', () => {
  const trace = drawTrace('GET@kubectl-trace:client |-------------------|');
  assert.deepEqual(rows(trace, { hasResponse: false, tls: null, receive: null }), [
    'connect: TCP 2 ns 0-2 measured',
    'no response 2-20',
  ]);
});

test('only requests in the trace get client rows', () => {
  const trace = drawTrace('GET@kubectl-trace:client |-------------------|');
  const other = named(drawTrace('GET@kubectl-trace:client |--|'), 'GET').span;
  assert.deepEqual(
    clientTime(trace, [
      { span: other, dns: null, connect: nanos(1), tls: null, receive: null, responseBytes: 0, hasResponse: true },
    ]),
    [],
  );
});

test('row IDs are stable', () => {
  const picture = 'GET@kubectl-trace:client |-------------------|';
  const ids = (): string[] => {
    const trace = drawTrace(picture);
    const { span } = named(trace, 'GET');
    const timing = { span, dns: nanos(1), connect: nanos(1), tls: nanos(1), receive: nanos(1), responseBytes: 0 };
    return clientTime(trace, [{ ...timing, hasResponse: true }]).map((row) => row.span.spanID);
  };
  assert.deepEqual(ids(), ids());
  assert.equal(new Set(ids()).size, 3);
});
