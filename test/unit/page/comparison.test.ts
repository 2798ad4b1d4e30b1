import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import {
  comparePictures,
  compareRows,
  firstPairOrder,
  PAIR_COLUMNS,
  sortedPairs,
  type RowPair,
} from '../../../page/model/comparison.ts';
import { contentOf } from '../../../page/model/content.ts';
import { tracePicture, type Picture } from '../../../page/model/picture.ts';
import { analyse } from '../../../src/analysis/analyse.ts';
import type { Row } from '../../../src/analysis/rows/waterfall.ts';
import { buildTrace } from '../../../src/trace/build.ts';
import { epochNanos, nanos } from '../../../src/trace/time.ts';
import { dirtySpans } from '../../support/dirty-spans.ts';
import { span } from '../../support/spans.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8'));

const START = 1_795_478_400_000_000_000n;

/** A request with steps, each given as its name and how long it took, one after another. */
function picture(...steps: readonly (readonly [name: string, millis: number])[]): Picture {
  let at = START;
  const children = steps.map(([name, millis], index) => {
    const start = epochNanos(at);
    at += BigInt(millis) * 1_000_000n;
    return span({ id: (index + 2).toString(16), parent: '1', service: 'shop', name, start, end: epochNanos(at) });
  });
  const root = span({ id: '1', name: 'root', service: 'shop', start: epochNanos(START), end: epochNanos(at) });
  const built = buildTrace(
    [root, ...children].map((each) => ({ span: each, source: 'span' as const, inferred: false })),
  );
  assert.ok(built);
  return tracePicture(analyse(built));
}

const rowsOf = (spans: Parameters<typeof buildTrace>[0]): readonly Row[] => {
  const built = buildTrace(spans);
  if (built === undefined) return [];
  return tracePicture(analyse(built)).rows({ full: true, minDuration: nanos(0) }).waterfall.rows;
};

const said = ({ shown, compared, delta, share, ownDelta }: RowPair) => [
  (shown ?? compared)?.label[0],
  compared?.total,
  shown?.total,
  delta,
  share,
  ownDelta,
];

suite('the comparison of two traces', () => {
  test('pairs rows of the same name in their order, and has those of one trace alone', () => {
    const pairs = comparePictures(picture(['a', 3], ['b', 4], ['c', 5]), picture(['a', 1], ['d', 2], ['c', 5]));
    assert.deepEqual(pairs.map(said), [
      ['shop  root', 8e6, 12e6, 4e6, 0.5, 0],
      ['a', 1e6, 3e6, 2e6, 2, 2e6],
      ['b', undefined, 4e6, 4e6, undefined, 4e6],
      ['c', 5e6, 5e6, 0, 0, 0],
      ['d', 2e6, undefined, -2e6, -1, -2e6],
    ]);
  });

  test('of any two traces has every row of both exactly once, below its parent', () => {
    fc.assert(
      fc.property(dirtySpans, dirtySpans, (one, other) => {
        const [shown, compared] = [rowsOf(one), rowsOf(other)];
        const pairs = compareRows(shown, compared);
        const sides = [pairs.flatMap((pair) => pair.shown ?? []), pairs.flatMap((pair) => pair.compared ?? [])];
        assert.deepEqual(
          sides.map((rows) => new Set(rows)),
          [new Set(shown), new Set(compared)],
        );
        assert.deepEqual(
          sides.map((rows) => rows.length),
          [shown.length, compared.length],
        );
        let depth = -1;
        for (const pair of pairs) {
          assert.ok(pair.depth <= depth + 1, 'a row stands below its parent');
          depth = pair.depth;
        }
      }),
    );
  });

  test('with its sides swapped has the same pairs with the opposite differences', () => {
    const negated = (value: number | undefined) => (value === undefined ? undefined : 0 - value);
    fc.assert(
      fc.property(dirtySpans, dirtySpans, (one, other) => {
        const [shown, compared] = [rowsOf(one), rowsOf(other)];
        const swapped = new Map(compareRows(compared, shown).map((pair) => [pair.compared ?? pair.shown, pair]));
        const pairs = compareRows(shown, compared);
        assert.equal(swapped.size, pairs.length);
        for (const pair of pairs) {
          const back = swapped.get(pair.shown ?? pair.compared);
          assert.equal(back?.shown, pair.compared);
          assert.equal(back?.delta, negated(pair.delta));
          assert.equal(back?.ownDelta, negated(pair.ownDelta));
        }
      }),
    );
  });

  test('of a trace with itself pairs every row, without a difference', () => {
    fc.assert(
      fc.property(dirtySpans, (spans) => {
        for (const { shown, compared, delta, ownDelta } of compareRows(rowsOf(spans), rowsOf(spans))) {
          assert.equal(shown?.spans[0]?.index, compared?.spans[0]?.index);
          const isKnown = shown?.ended === true && shown.precision !== 'at-most';
          assert.deepEqual([delta, ownDelta], isKnown ? [0, 0] : [undefined, undefined]);
        }
      }),
    );
  });

  test('of a recorded trace with itself pairs every row; only upper bounds have no difference', () => {
    const recorded = contentOf(fixture('screens/create-without-tracing.json')).picture as Picture;
    const pairs = comparePictures(recorded, recorded);
    assert.ok(pairs.length > 12);
    for (const { shown, compared, delta } of pairs) {
      assert.equal(shown?.label[0], compared?.label[0]);
      assert.equal(delta, shown?.precision === 'at-most' ? undefined : 0);
    }
  });

  test('is sorted by every column, with what has no value last and in either direction', () => {
    const pairs = comparePictures(picture(['a', 3], ['b', 4], ['c', 5]), picture(['a', 1], ['d', 2], ['c', 5]));
    const names = (sorted: readonly RowPair[]) => sorted.map((pair) => said(pair)[0]);
    assert.deepEqual(names(sortedPairs(pairs, firstPairOrder('delta'))), ['shop  root', 'b', 'a', 'c', 'd']);
    assert.deepEqual(names(sortedPairs(pairs, firstPairOrder('name'))), names(pairs));
    assert.deepEqual(names(sortedPairs(pairs, { column: 'share', isDescending: false })), [
      'd',
      'c',
      'shop  root',
      'a',
      'b',
    ]);
    for (const column of PAIR_COLUMNS) assert.equal(sortedPairs(pairs, firstPairOrder(column)).length, pairs.length);
  });

  test('of very deep traces takes no stack and no square of the depth', () => {
    const deep = Array.from({ length: 20_000 }, (_, index) => ({
      source: 'span' as const,
      inferred: false,
      span: span({
        id: (index + 1).toString(16),
        ...(index > 0 && { parent: index.toString(16) }),
        name: `step ${index}`,
        service: 'shop',
        start: epochNanos(START),
        end: epochNanos(START + 1000n),
      }),
    }));
    const rows = rowsOf(deep);
    const pairs = compareRows(rows, rows);
    assert.equal(pairs.length, rows.length);
    assert.ok(pairs.length >= 20_000);
  });
});
