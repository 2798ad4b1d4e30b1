import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTrace } from '../../../src/trace/build.ts';
import type { Span } from '../../../src/trace/span.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import type { Trace, TraceInput } from '../../../src/trace/trace.ts';
import { drawSpans, drawTrace, named } from '../../support/draw-trace.ts';
import { span, spanID } from '../../support/spans.ts';

const input = (one: Span): TraceInput => ({ span: one, source: 'span', inferred: false });
const build = (...spans: readonly Span[]): Trace => buildTrace(spans.map(input)) as Trace;
/** `depth name`, in the trace's order. */
const tree = (trace: Trace): string[] => trace.spans.map(({ depth, span: { name } }) => `${depth} ${name}`);
const notes = (trace: Trace): Record<string, number> =>
  Object.fromEntries(trace.notes.map(({ code, spanIDs }) => [code, spanIDs.length]));

const at = (nanos: bigint): ReturnType<typeof epochNanos> => epochNanos(1_795_478_400_000_000_000n + nanos);

test('there is no trace without spans', () => {
  assert.equal(buildTrace([]), undefined);
});

test('spans come depth first, siblings by start, the longer first', () => {
  const trace = drawTrace(`
    root     |--------------|
      b         |---|
        b1       |-|
      a       |---|
      longer  |------|
  `);
  assert.deepEqual(tree(trace), ['0 root', '1 longer', '1 a', '1 b', '2 b1']);
  assert.deepEqual(notes(trace), {});
});

test("offsets are relative to the root's start and may be negative", () => {
  const trace = drawTrace(`
    root         |--------------|
      early   |------|
      late                    |------|
  `);
  assert.deepEqual(
    trace.spans.map(({ offset, duration }) => [offset, duration]),
    [
      [0, 15],
      [-3, 7],
      [13, 7],
    ],
  );
  assert.equal(trace.duration, 15);
});

test('the order in which spans arrive does not matter', () => {
  const spans = drawSpans(`
    root    |--------------|
      a      |-----|
        a1     |-|
      b             |---|
  `);
  assert.deepEqual(tree(build(...spans.toReversed())), tree(build(...spans)));
});

test('a span whose parent is missing is a root, below one that is inferred', () => {
  const trace = build(
    span({ id: '1', name: 'root', start: at(0n), end: at(10n) }),
    span({ id: '2', name: 'lost', parent: '9', start: at(4n), end: at(14n) }),
  );
  assert.deepEqual(tree(trace), ['0 2 roots', '1 root', '1 lost']);
  assert.equal(trace.root.inferred, true);
  assert.equal(trace.duration, 14);
  assert.deepEqual(notes(trace), { orphan: 1, 'several-roots': 2 });
  assert.equal(named(trace, 'lost').moved, true);
});

test('the inferred root does not start at an unset time', () => {
  const trace = build(
    span({ id: '1', name: 'a', start: at(0n), end: at(10n) }),
    span({ id: '2', name: 'b', start: epochNanos(0n), end: at(10n) }),
    span({ id: '3', name: 'c', start: at(2n), end: epochNanos(2n ** 63n) }),
  );
  assert.equal(trace.startedAt, at(0n));
  assert.equal(trace.duration, 10);
  assert.deepEqual(notes(trace), { 'several-roots': 3, 'out-of-range': 2 });
});

test('two spans with the same ID are merged, but a client and a server span may share one', () => {
  const trace = build(
    span({ id: '1', name: 'root' }),
    span({ id: '2', name: 'call', parent: '1', kind: 'client' }),
    span({ id: '2', name: 'answer', parent: '1', kind: 'server' }),
    span({ id: '2', name: 'answer again', parent: '1', kind: 'server' }),
    span({ id: '3', name: 'work', parent: '2' }),
  );
  assert.deepEqual(tree(trace), ['0 root', '1 call', '2 answer again', '3 work']);
  assert.deepEqual(notes(trace), { duplicate: 1 });
});

test('the same span ID in another trace is another span', () => {
  const trace = build(
    span({ id: '1', name: 'ours' }),
    span({ id: '2', name: 'ours, below', parent: '1' }),
    span({ trace: 'b2', id: '1', name: 'theirs', parent: '2' }),
  );
  assert.deepEqual(tree(trace), ['0 2 roots', '1 ours', '2 ours, below', '1 theirs']);
});

test('a cycle is cut at the span that started first', () => {
  const trace = build(
    span({ id: '1', name: 'late', parent: '2', start: at(5n), end: at(9n) }),
    span({ id: '2', name: 'first', parent: '3', start: at(1n), end: at(9n) }),
    span({ id: '3', name: 'between', parent: '1', start: at(3n), end: at(9n) }),
    span({ id: '4', name: 'beside', parent: '3', start: at(4n), end: at(9n) }),
  );
  assert.deepEqual(tree(trace), ['0 first', '1 late', '2 between', '3 beside']);
  assert.deepEqual(notes(trace), { cycle: 1 });
});

test('a span that is its own parent is a root', () => {
  assert.deepEqual(notes(build(span({ id: '1', parent: '1' }))), { cycle: 1 });
});

test('a span that ends before it starts keeps its start and has no duration', () => {
  const trace = build(
    span({ id: '1', start: at(0n), end: at(9n) }),
    span({ id: '2', name: 'backwards', parent: '1', start: at(5n), end: at(2n) }),
  );
  const { offset, duration, moved } = named(trace, 'backwards');
  assert.deepEqual([offset, duration, moved], [5, 0, true]);
  assert.deepEqual(notes(trace), { 'negative-duration': 1 });
});

test('a start 104 days from the root has no place on the axis', () => {
  const trace = build(
    span({ id: '1', start: at(0n), end: at(9n) }),
    span({ id: '2', name: 'unset', parent: '1', start: epochNanos(0n), end: epochNanos(0n) }),
    span({ id: '3', name: 'endless', parent: '1', start: at(3n), end: epochNanos(2n ** 63n) }),
  );
  assert.deepEqual(
    ['unset', 'endless'].map((name) => [named(trace, name).offset, named(trace, name).duration]),
    [
      [0, 0],
      [3, 0],
    ],
  );
  assert.deepEqual(notes(trace), { 'out-of-range': 2 });
});

test('given parents and times take precedence over reported ones', () => {
  const client = span({ id: '1', name: 'client', start: at(0n), end: at(9n) });
  const server = span({ trace: 'b2', id: '2', name: 'server', start: at(2n), end: at(4n) });
  const trace = buildTrace([input(client), { ...input(server), parent: client, start: at(3n), end: at(8n) }]) as Trace;
  const placed = named(trace, 'server');
  assert.equal(placed.parent?.spanID, spanID('1'));
  assert.deepEqual([placed.offset, placed.duration, placed.moved], [3, 5, true]);
  assert.equal(placed.span, server);
});

test('a given parent with a duplicate is the merged span', () => {
  const first = span({ id: '1', name: 'first' });
  const again = span({ id: '1', name: 'again, longer' });
  const trace = buildTrace([
    input(first),
    input(again),
    { ...input(span({ id: '2', name: 'child' })), parent: again },
  ]) as Trace;
  assert.deepEqual(tree(trace), ['0 again, longer', '1 child']);
});

test('a span at its reported position is not marked as moved', () => {
  const trace = drawTrace(`
    root    |-----|
      child   |-|
  `);
  assert.deepEqual(
    trace.spans.map(({ moved }) => moved),
    [false, false],
  );
});
