import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mergeSpans } from '../../../../src/backend/find/merge.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import { span, spanID, traceID } from '../../../support/spans.ts';

/** Few IDs, so that versions of one span meet; every part may differ. */
const spans = fc.array(
  fc
    .record({
      trace: fc.constantFrom('a1', 'a2'),
      id: fc.constantFrom('1', '2', '3'),
      kind: fc.constantFrom('client' as const, 'server' as const),
      name: fc.constantFrom('x', 'y'),
      end: fc.constantFrom(0n, 1n, 1_795_478_400_010_000_000n, 1_795_478_400_010_000_001n).map(epochNanos),
      attributes: fc.dictionary(
        fc.constantFrom('k', 'l'),
        fc.constantFrom<Span['attributes'][string]>(1, 2n, 'v', [1]),
        // As decoders make them.
        { noNullPrototype: true },
      ),
      status: fc.constantFrom({ code: 'unset' as const }, { code: 'error' as const, message: 'm' }),
      events: fc.array(
        fc.record(
          {
            time: fc.constantFrom(1000n, 1001n, 5000n).map(epochNanos),
            name: fc.constantFrom('e', 'f'),
            attributes: fc.constantFrom<Span['attributes']>({}, { a: 1 }, { b: 2 }, { a: 3 }),
          },
          { noNullPrototype: true },
        ),
        { maxLength: 3 },
      ),
      links: fc.array(fc.constant({ traceID: traceID('b1'), spanID: spanID('1'), attributes: {} }), { maxLength: 1 }),
    })
    .map((parts) => span(parts)),
  { maxLength: 8 },
);

const keyOf = (one: Span): string => `${one.traceID} ${one.spanID} ${one.kind}`;
const sorted = (some: readonly Span[]): Span[] => some.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
const assertSame = (some: readonly Span[], others: readonly Span[]): void =>
  assert.deepEqual(sorted(some), sorted(others));

test('merging does not depend on the order', () => {
  fc.assert(fc.property(spans, spans, (a, b) => assertSame(mergeSpans(a, b), mergeSpans(b, a))));
  fc.assert(
    fc.property(spans, spans, spans, (a, b, c) =>
      assertSame(mergeSpans(mergeSpans(a, b), c), mergeSpans(a, mergeSpans(b, c))),
    ),
  );
});

test('merging the same spans again changes nothing', () => {
  fc.assert(
    fc.property(spans, spans, (a, b) => {
      const merged = mergeSpans(a, b);
      assert.deepEqual(mergeSpans(merged, b), merged);
      assert.deepEqual(mergeSpans(merged, structuredClone(a)), merged);
    }),
  );
});

test('each span is present once, and none is lost', () => {
  fc.assert(
    fc.property(spans, spans, (a, b) => {
      const keys = mergeSpans(a, b).map(keyOf);
      assert.equal(new Set(keys).size, keys.length);
      assert.deepEqual(new Set(keys), new Set([...a, ...b].map(keyOf)));
    }),
  );
});

test('the more complete version wins', () => {
  const poor = span({ end: epochNanos(1_795_478_400_010_000_000n) });
  const richer: readonly Span[] = [
    span({ attributes: { k: 1 } }),
    span({ events: [{ time: epochNanos(1n), name: 'e', attributes: {} }] }),
    span({ links: [{ traceID: traceID('b1'), spanID: spanID('1'), attributes: {} }] }),
    span({ parent: '9' }),
    span({ status: { code: 'error' } }),
  ];
  for (const rich of richer) {
    assert.deepEqual(mergeSpans([poor], [rich]), [rich]);
    assert.deepEqual(mergeSpans([rich], [poor]), [rich]);
  }
});

test('nanoseconds win over microseconds', () => {
  const start = epochNanos(1_795_478_400_000_000_000n);
  const coarse = span({ start, end: epochNanos(1_795_478_400_010_000_000n) });
  const fine = span({ start, end: epochNanos(1_795_478_400_010_000_300n) });
  assert.deepEqual(mergeSpans([coarse], [fine]), [fine]);
  assert.deepEqual(mergeSpans([fine], [coarse]), [fine]);
});

test('a client and a server span with the same ID stay separate', () => {
  assert.equal(mergeSpans([span({ kind: 'client' })], [span({ kind: 'server' })]).length, 2);
});

test('an ended span is preferred to an open one, whatever else they contain', () => {
  const open = span({
    end: epochNanos(0n),
    attributes: { k: 1, l: 2 },
    events: [{ time: epochNanos(1n), name: 'e', attributes: {} }],
  });
  const ended = span({ end: epochNanos(1_795_478_400_010_000_000n), attributes: { k: 1 } });
  for (const merged of [mergeSpans([open], [ended]), mergeSpans([ended], [open])]) {
    const [one] = merged;
    assert.equal(merged.length, 1);
    assert.equal(one?.end, ended.end);
    assert.deepEqual(one?.attributes, { k: 1, l: 2 });
    assert.equal(one?.events.length, 1);
  }
  const backwards = span({ end: epochNanos(1n) });
  assert.equal(mergeSpans([backwards], [ended])[0]?.end, ended.end);
});

test('the merge of two halves has everything from both', () => {
  const event = (time: bigint, name: string, attributes: Span['attributes'] = {}): Span['events'][number] => ({
    time: epochNanos(time),
    name,
    attributes,
  });
  const one = span({ attributes: { a: 1 }, events: [event(5000n, 'x', { p: 1 })] });
  const other = span({ attributes: { b: 2 }, events: [event(2000n, 'y'), event(5123n, 'x', { q: 2 })], parent: '9' });
  const [merged] = mergeSpans([one], [other]);
  assert.deepEqual(merged?.attributes, { a: 1, b: 2 });
  assert.equal(merged?.parentSpanID, other.parentSpanID);
  assert.deepEqual(merged?.events, [event(2000n, 'y'), event(5123n, 'x', { p: 1, q: 2 })]);
});
