import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  clockOffsets,
  END_SLACK,
  measure,
  withClocksCorrected,
} from '../../../../src/analysis/assemble/clock-offset.ts';
import type { ClientTiming } from '../../../../src/analysis/assemble/client-timing.ts';
import { connectedEarliest } from '../../../../src/analysis/assemble/client-time.ts';
import { eventOffset } from '../../../../src/analysis/events.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { epochNanos, nanos } from '../../../../src/trace/time.ts';
import type { PlacedSpan, Trace, TraceInput } from '../../../../src/trace/trace.ts';
import { onClock } from '../../../support/clock.ts';
import { drawSpans, named } from '../../../support/draw-trace.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';
import { recordedStories } from '../../../support/recorded.ts';
import { span } from '../../../support/spans.ts';

function corrected(spans: readonly Span[]): Trace {
  const inputs = spans.map((one): TraceInput => ({ span: one, source: 'span', inferred: false }));
  return buildTrace(withClocksCorrected(inputs, buildTrace(inputs) as Trace)) as Trace;
}

const ofService = (service: string) => (one: Span) => one.resource.service === service;

/** A command, a server, its etcd, and a process that the server only notifies; a column is a nanosecond. */
const picture = `
  command@kubectl-trace           |----------------------------------------|
    GET:client                      |------------------------------------|
      root@apiserver:server              |----------------------------|
        List                               |------------------------|
          Range:client                       |------------------|
            range@etcd:server                    |----------|
        notify:producer                        |-|
          notified@bus:consumer                     |---------------------------|
`;
const truth = drawSpans(picture);

function skewed(services: Readonly<Record<string, number>>): Span[] {
  return truth.flatMap((one) => onClock(services[one.resource.service] ?? 0, [one]));
}

test('clocks consistent with their calls are not corrected', () => {
  for (const ahead of [-5, 0, 5]) {
    const trace = corrected(skewed({ apiserver: ahead, etcd: ahead, bus: ahead }));
    assert.deepEqual(clockOffsets(trace), []);
    assert.equal(named(trace, 'root').offset, 7 + ahead);
    assert.equal(named(trace, 'root').moved, false);
  }
});

test('a clock that is ahead is measured, and corrected by the smallest amount that fits', () => {
  const ahead = 1e9;
  const trace = corrected(skewed({ apiserver: ahead, etcd: ahead, bus: ahead }));
  const [offset, ...others] = clockOffsets(trace);
  assert.deepEqual(others, []);
  assert.equal(offset?.service, 'apiserver');
  assert.equal(offset?.caller, 'kubectl-trace');
  assert.equal(offset?.span, named(trace, 'root'));
  assert.equal(offset?.highest, ahead + 5);
  assert.equal(offset?.lowest, ahead - 3 - END_SLACK);
  const [root, client] = [named(trace, 'root'), named(trace, 'GET')];
  assert.equal(root.offset + root.duration, client.offset + client.duration);
});

test('a clock that is behind is moved to the start of its caller', () => {
  const trace = corrected(skewed({ apiserver: -1e9, etcd: -1e9, bus: -1e9 }));
  assert.equal(named(trace, 'root').offset, named(trace, 'GET').offset);
  assert.ok((clockOffsets(trace)[0]?.highest ?? 0) < 0);
});

test('a process in agreement with a corrected one moves with it; another is measured against it', () => {
  const along = corrected(skewed({ apiserver: 1e9, etcd: 1e9, bus: 1e9 }));
  assert.equal(named(along, 'range').offset - named(along, 'root').offset, 8);
  assert.equal(named(along, 'notified').offset - named(along, 'root').offset, 11);

  const apart = corrected(skewed({ apiserver: 1e9, etcd: -2e9, bus: 1e9 }));
  assert.deepEqual(
    clockOffsets(apart).map(({ service, caller }) => [service, caller]),
    [
      ['apiserver', 'kubectl-trace'],
      ['etcd', 'apiserver'],
    ],
  );
  assert.equal(named(apart, 'range').offset, named(apart, 'Range').offset);
});

test('events move with their span, which keeps its reported times', () => {
  const event = { name: 'About to write', time: epochNanos((truth[2] as Span).start + 3n), attributes: {} };
  const spans = skewed({}).map((one) => (one.name === 'root' ? { ...one, events: [event] } : one));
  const trace = corrected(
    onClock(1e9, spans.filter(ofService('apiserver'))).concat(spans.filter(ofService('kubectl-trace'))),
  );
  const root = named(trace, 'root');
  const [moved] = root.span.events as [typeof event];
  assert.equal(eventOffset(moved, root, trace), root.offset + 3);
  assert.equal(moved.time - root.span.start, 3n);
  assert.equal(root.span.start, (truth[2] as Span).start + 1_000_000_000n);
  assert.ok(root.moved);
  assert.equal(trace.notes[0]?.code, 'clock-offset');
});

/** A column is 100 µs. */
const connecting = drawSpans(`
  GET@shop:client          |----------------------------|
    root@api:server          |-----------------------|
`).map((one) => stretched(one, 100_000n));

test('a client that notices its connection late has no clock error', () => {
  const client = connecting[0] as Span;
  const inputs = connecting.map((one): TraceInput => ({ span: one, source: 'span', inferred: false }));
  const trace = buildTrace(inputs) as Trace;
  const phases = { span: client, dns: null, connect: nanos(400_000), tls: nanos(1_100_000), receive: null };
  const own = { dns: nanos(0), connect: nanos(300_000), tls: nanos(1_000_000), send: nanos(0), wait: nanos(0) };
  const rest = { receive: nanos(0), roundTrip: null, tenths: null, tlsEnd: null };
  const offsets = (measured?: ClientTiming['measured']) => {
    const connected = connectedEarliest({ ...phases, responseBytes: 0, hasResponse: true, measured });
    return clockOffsets(buildTrace(withClocksCorrected(inputs, trace, new Map([[client, connected]]))) as Trace);
  };
  assert.equal(offsets()[0]?.highest, -1_300_000);
  assert.deepEqual(offsets({ ...own, ...rest }), []);
  assert.equal(offsets({ ...own, ...rest, tls: nanos(500_000) })[0]?.highest, -500_000);
});

test('calls that contradict each other by more than the offset show no offset', () => {
  const twice = (unit: bigint): Span[] =>
    drawSpans(`
      command@shop           |-----------------------------------------|
        GET:client             |--------------|
          root@api:server |-----|
        LIST:client                             |-------------|
          other@api:server                              |----|
    `).map((one) => stretched(one, unit));
  // At least 5 ms behind by the first call, at most 1.3 ms by the second.
  assert.deepEqual(clockOffsets(corrected(twice(1_000_000n))), []);
  const behind = onClock(-1e9, twice(1_000_000n).filter(ofService('api')));
  const trace = corrected([...twice(1_000_000n).filter(ofService('shop')), ...behind]);
  assert.equal(clockOffsets(trace)[0]?.service, 'api');
});

test('a server that continues after its caller gave up has no clock error', () => {
  const trace = corrected(
    drawSpans(`
      GET@a:client          |-------|
        root@b:server         |------------------------------|
    `).map((one) => stretched(one, 1_000_000n)),
  );
  assert.deepEqual(clockOffsets(trace), []);
});

/** The same picture with a column of `unit` nanoseconds. */
function stretched(one: Span, unit: bigint): Span {
  const zero = 1_795_478_400_000_000_001n;
  const at = (time: bigint) => epochNanos(zero + (time - zero) * unit);
  return { ...one, start: at(one.start), end: at(one.end) };
}

test('processes are identified by their resource attributes, not by the response they arrived in', () => {
  const spans = skewed({ apiserver: 1e9, etcd: 1e9, bus: 1e9 }).map((one) => ({
    ...one,
    resource: { ...one.resource },
  }));
  assert.equal(clockOffsets(corrected(spans)).length, 1);
  assert.ok(named(corrected(spans), 'List').moved);
});

/** A client's call, what answered it, and what that did, on a clock that is off by more than the way there and back. */
const skewedCall = fc
  .record({
    there: fc.integer({ min: 0, max: 5_000_000 }),
    served: fc.integer({ min: 1, max: 9_000_000 }),
    /** Servers end a little late. */
    back: fc.integer({ min: -END_SLACK, max: 5_000_000 }),
    children: fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    ),
    off: fc.oneof(
      fc.integer({ min: 10_000_000, max: 9e12 }),
      fc.integer({ min: 10_000_000, max: 9e12 }).map((n) => -n),
    ),
  })
  .filter(({ there, served, back }) => there + served + back > 0)
  .map(({ there, served, back, children, off }) => {
    const t0 = 1_795_478_400_000_000_000n;
    const at = (offset: number) => epochNanos(t0 + BigInt(Math.round(offset)));
    const client = span({ id: 'c', service: 'shop', kind: 'client', start: at(0), end: at(there + served + back) });
    const root = span({ id: 'd', parent: 'c', kind: 'server', start: at(there), end: at(there + served) });
    const below = children.map(([one, other], index) =>
      span({
        id: (index + 100).toString(16),
        parent: 'd',
        start: at(there + served * Math.min(one, other)),
        end: at(there + served * Math.max(one, other)),
      }),
    );
    return { client, server: [root, ...below], off };
  });

suite('for any clock offset larger than a call can hide', () => {
  test('the measured range contains the real offset', () => {
    fc.assert(
      fc.property(skewedCall, ({ client, server, off }) => {
        const [offset] = clockOffsets(corrected([client, ...onClock(off, server)]));
        assert.ok(offset !== undefined && offset.lowest <= off && off <= offset.highest);
      }),
    );
  });

  test('order and durations are preserved, and the callee fits into the call', () => {
    fc.assert(
      fc.property(skewedCall, ({ client, server, off }) => {
        const before = corrected([client, ...server]);
        const trace = corrected([client, ...onClock(off, server)]);
        const told = ({ spans }: Trace) => spans.map(({ spanID, duration, depth }) => [spanID, duration, depth]);
        assert.deepEqual(told(trace), told(before));
        const [outer, root] = trace.spans as readonly [PlacedSpan, PlacedSpan];
        assert.ok(root.offset >= 0);
        assert.ok(root.offset + root.duration <= outer.duration + END_SLACK);
        for (const one of trace.spans.slice(1)) {
          const then = before.spans[one.index] as PlacedSpan;
          assert.equal(one.offset - root.offset, then.offset - (before.spans[1] as PlacedSpan).offset);
        }
      }),
    );
  });
});

test('a call without a response bounds only its send time', () => {
  const called = { offset: nanos(50), duration: nanos(100) } as PlacedSpan;
  const { lowest, highest } = measure({ from: nanos(10), to: nanos(60), called, completed: false });
  assert.deepEqual([lowest, highest], [-10, 40]);
});

test('real clocks on one machine are never corrected', () => {
  const told = { command: 'kubectl trace get nodes', objectCount: null, found: true } as const;
  for (const story of recordedStories()) {
    const { analysis } = recordedReport(story, told);
    assert.deepEqual(analysis === null ? null : clockOffsets(analysis.trace), [], story.title);
  }
});

test('a real server with a clock 1.2 s ahead gives the same tree, including client rows', () => {
  const told = { command: 'kubectl trace get nodes', objectCount: null, found: true } as const;
  for (const name of ['masters-list', 'admin-update', 'wrong-token-unauthorized']) {
    const story = recordedStory(37, name);
    const rows = (spans: readonly Span[]): unknown[] =>
      recordedReport({ ...story, spans }, told).analysis?.trace.spans.map(({ depth, duration, source, span: one }) =>
        source === 'span' ? [depth, one.name, duration] : [depth, one.name],
      ) ?? [];
    const ahead = onClock(1.2e9, story.spans);
    const report = recordedReport({ ...story, spans: ahead }, told);
    const [offset] = clockOffsets(report.analysis?.trace as Trace);
    assert.ok(offset !== undefined && offset.lowest <= 1.2e9 && offset.highest >= 1.2e9, name);
    const moved = new Set(rows(ahead).map(String));
    for (const row of rows(story.spans).map(String)) {
      if (!/on its way/.test(row)) assert.ok(moved.has(row), `${name}: ${row}`);
    }
  }
});
