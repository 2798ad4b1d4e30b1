import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClientMeasure, ClientTiming } from '../../../../src/analysis/assemble/client-timing.ts';
import { cutSpans } from '../../../../src/analysis/assemble/cut-spans.ts';
import type { ServerSpans } from '../../../../src/analysis/completeness/server-spans.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { between, epochNanos, nanos, type EpochNanos, type Nanos } from '../../../../src/trace/time.ts';
import type { TraceInput } from '../../../../src/trace/trace.ts';
import { span, type SpanParts } from '../../../support/spans.ts';

const START = 1_795_478_400_000_000_001n;
const at = (millis: number): EpochNanos => epochNanos(START + BigInt(millis * 1e6));
const made = (from: number, to: number, parts: SpanParts): Span => span({ start: at(from), end: at(to), ...parts });
const millis = (time: number): Nanos => nanos(time * 1e6);

/**
 * A request of 1,000 ms: its first byte comes after 100 ms, its last after 1,000. `tenths` are milliseconds from the first
 * byte. Returns when the server's span ends, which reported `serverEnd`.
 */
function cutAt(serverEnd: number, tenths: readonly number[] | null, own: Partial<ClientMeasure> = {}): number {
  const client = made(0, 1000, { id: 'c1', kind: 'client' });
  const server = made(10, serverEnd, { id: 'd1', parent: 'c1', kind: 'server' });
  const none = millis(0);
  const measured: ClientMeasure = {
    dns: none,
    connect: none,
    tls: none,
    send: none,
    wait: none,
    receive: none,
    roundTrip: millis(4),
    tenths: tenths?.map(millis) ?? null,
    tlsEnd: null,
    ...own,
  };
  const phases = { dns: null, connect: null, tls: null, receive: millis(900) };
  const timing: ClientTiming = { span: client, ...phases, responseBytes: 5e6, hasResponse: true, measured };
  const inputs: TraceInput[] = [client, server].map((each) => ({ span: each, source: 'span', inferred: false }));
  const found = { client, server: { spans: [server] } as unknown as ServerSpans, found: [server] };
  const [, cut] = cutSpans(inputs, [timing], [found]);
  return between(at(0), cut?.end ?? server.end) / 1e6;
}

/** Each tenth takes the same time. */
const STEADY = [90, 180, 270, 360, 450, 540, 630, 720, 810];

suite('a server’s span, when the client does not read', () => {
  test('is cut by the time that is the client’s: the server waited for it', () => {
    assert.equal(cutAt(995, null, { receive: millis(600) }), 400);
    assert.equal(cutAt(995, STEADY, { receive: millis(300) }), 700);
    assert.equal(cutAt(800, null, { receive: millis(600) }), 400);
  });

  test('is not cut before the first byte', () => {
    assert.equal(cutAt(995, null, { receive: millis(950) }), 100);
  });

  test('is not cut where it ended before, or no later than clocks are known', () => {
    assert.equal(cutAt(390, null, { receive: millis(600) }), 390);
    assert.equal(cutAt(405, null, { receive: millis(600) }), 405);
  });
});

suite('a server’s span, when bytes arrive long after its end', () => {
  test('is cut at the first byte where all of them arrived at the same rate', () => {
    assert.equal(cutAt(400, STEADY), 100);
    assert.equal(cutAt(950, STEADY), 100);
  });

  test('keeps the time in which a slow server sent the first bytes', () => {
    // Half of the bytes trickle for 700 ms, and the rest takes 200 ms: all of them would have taken 400.
    assert.equal(cutAt(800, [140, 280, 420, 560, 700, 740, 780, 820, 860]), 600);
  });

  test('is not cut where the rest was on its way for two round trips', () => {
    assert.equal(cutAt(991, STEADY), 991);
    assert.equal(cutAt(980, STEADY, { roundTrip: millis(40) }), 980);
  });

  test('is not cut where the client worked for longer than it waited', () => {
    assert.equal(cutAt(400, STEADY, { receive: millis(500) }), 400);
  });

  test('is not cut where it is not known when the bytes arrived', () => {
    assert.equal(cutAt(400, null), 400);
  });

  test('is not cut before the first byte', () => {
    assert.equal(cutAt(60, STEADY), 60);
  });
});
