import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { panned, ticksOf, within, zoomed } from '../../../page/model/axis.ts';
import { contentOf } from '../../../page/model/content.ts';
import { derive } from '../../../page/model/derived.ts';
import { flameOf } from '../../../page/model/flame.ts';
import { readLink, writeLink } from '../../../page/model/link.ts';
import { marksOf } from '../../../page/model/marks.ts';
import { Search } from '../../../page/model/search.ts';
import { COLUMNS, sortedRows } from '../../../page/model/table.ts';
import { FOLDS, revealed, START, unfold, type ViewState } from '../../../page/model/view-state.ts';
import { rowKey, rowOfSpan, visibleRows } from '../../../page/model/visible.ts';
import { tracePicture, type Picture } from '../../../page/model/picture.ts';
import { analyse } from '../../../src/analysis/analyse.ts';
import { buildTrace } from '../../../src/trace/build.ts';
import { dirtySpans } from '../../support/dirty-spans.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8'));

const webhook = contentOf(fixture('screens/create-without-tracing.json')).picture as Picture;
const { trace } = webhook.analysis;
const labels = (state: ViewState): string[] =>
  derive.rows(state, webhook).shown.waterfall.rows.map(({ label }) => label[0]);

suite('the view of a trace', () => {
  test('begins with the rows of the terminal, and shows more of them step by step', () => {
    const [folded = 0, full = 0, unfolded = 0] = FOLDS.map((folds) => labels({ ...START, folds }).length);
    assert.equal(folded, 12);
    assert.ok(full > folded && unfolded >= full, `${full}, ${unfolded}`);
  });

  test('reveals every span, whatever is folded, hidden or collapsed', () => {
    const hidden = { ...START, minShare: 0.1, collapsed: new Set(['span-0']) };
    for (const placed of trace.spans) {
      const before = derive.rows(hidden, webhook).shown.waterfall.rows;
      const state = revealed(hidden, placed, rowOfSpan(before, placed), webhook);
      const { shown } = derive.rows(state, webhook);
      const { positions } = derive.visible(shown, state.collapsed);
      assert.ok(positions.has(placed.index), placed.span.name);
    }
  });

  test('draws the rows of a fold instead of it', () => {
    const fold = derive.rows(START, webhook).shown.waterfall.rows.find(({ isFastSteps }) => isFastSteps === true);
    assert.ok(fold);
    const after = labels(unfold(START, fold));
    assert.ok(after.length > 12);
    assert.ok(!after.includes(fold.label[0]));
  });

  test('shows a subtree on its own axis', () => {
    const call = trace.spans.find(({ span }) => span.name.startsWith('Call mutating'));
    assert.ok(call);
    const { shown, whole, top } = derive.rows({ ...START, subtree: call.index }, webhook);
    assert.equal(top?.spans[0], call);
    assert.equal(shown.waterfall.rows[0]?.depth, 0);
    assert.equal(whole.from, call.offset);
  });

  test('keeps the ancestors of what was found, and hides what is below a collapsed row', () => {
    const { rows } = derive.rows(START, webhook).shown.waterfall;
    const last = rows.at(-1)!;
    const some = visibleRows(rows, new Set(), (row) => row === last);
    assert.deepEqual(
      some.map(({ row }) => row),
      [rows[0], last],
    );
    assert.equal(visibleRows(rows, new Set([rowKey(rows[0]!)])).length, 1);
  });

  test('draws every span of any trace in exactly one row, with any folds', () => {
    fc.assert(
      fc.property(dirtySpans, fc.constantFrom(...FOLDS), (inputs, folds) => {
        const built = buildTrace(inputs);
        if (built === undefined) return;
        const picture = tracePicture(analyse(built));
        const { shown } = derive.rows({ ...START, folds }, picture);
        const { visible, positions } = derive.visible(shown, new Set());
        assert.equal(visible.length, shown.waterfall.rows.length);
        assert.equal(new Set(visible.map(({ key }) => key)).size, visible.length);
        for (const { index } of visible.flatMap(({ row }) => row.spans)) assert.ok(positions.has(index));
        const frames = flameOf(picture.root, picture.analysis);
        const self = picture.analysis.self.reduce((sum, nanos) => sum + nanos, 0);
        assert.ok(Math.abs((frames[0]?.total ?? 0) - self) < 1, 'the frames add up to the own time');
      }),
      { numRuns: 200 },
    );
  });
});

suite('the axis', () => {
  const whole = { from: 0, to: 1000 };

  test('never leaves the whole, however it is zoomed and moved', () => {
    const step = fc.oneof(
      fc.record({ factor: fc.constantFrom(0.5, 0.8, 1.25, 2), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ share: fc.double({ min: -2, max: 2, noNaN: true }) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let axis = whole;
        for (const one of steps) {
          axis = 'share' in one ? panned(axis, one.share, whole) : zoomed(axis, one.factor, one.at, whole);
          assert.ok(axis.from >= -1e-6 && axis.to <= 1000 + 1e-6 && axis.to > axis.from);
        }
      }),
    );
    assert.deepEqual(within({ from: 900, to: 1100 }, whole), { from: 800, to: 1000 });
  });

  test('has round ticks, and no more than fit', () => {
    assert.deepEqual(
      ticksOf({ from: 0, to: 204e6 }, 6).map(({ text }) => text),
      ['0', '50.0 ms', '100 ms', '150 ms', '200 ms'],
    );
    assert.deepEqual(
      ticksOf({ from: 0, to: 47e9 }, 4).map(({ text }) => text),
      ['0', '15.0 s', '30.0 s', '45.0 s'],
    );
  });

  test('a row has at most one mark for each pixel, however many spans it stands for', () => {
    const [row] = derive.rows(START, webhook).shown.waterfall.rows;
    const own = Array.from({ length: 100_000 }, (_, index) => ({ from: index * 1000, to: index * 1000 + 1 }));
    const marks = marksOf({ ...row!, own: own as never }, { from: 0, to: 1e8 }, 300, trace);
    assert.ok(marks.own.length <= 300, `${marks.own.length}`);
    assert.ok(marks.own.every(({ x, width }) => x >= 0 && width > 0));
  });
});

suite('search', () => {
  const search = new Search(trace.spans);

  test('needs every word, in any case, and reads name=value', () => {
    assert.equal(search.find('  '), undefined);
    const found = search.find('INJECT.example.com') ?? [];
    assert.ok(found.length > 0);
    assert.deepEqual(search.find('inject.example.com nowhere'), []);
    const byValue = search.find('webhook=inject.example.com') ?? [];
    assert.ok(byValue.length > 0 && byValue.length <= found.length);
    assert.deepEqual(search.find('webhook=other'), []);
  });

  test('finds a span by its ID', () => {
    assert.deepEqual(search.find(trace.root.spanID), [0]);
  });
});

suite('links and tables', () => {
  test('a link is read as it was written, and other texts are not read as links', () => {
    const id = trace.root.spanID;
    for (const link of [
      { span: id, subtree: undefined },
      { span: id, subtree: id },
    ]) {
      assert.deepEqual(readLink(writeLink(link)), link);
    }
    assert.equal(writeLink({ span: undefined, subtree: undefined }), '');
    for (const hash of ['', '#', '#span=', '#span=<script>', '#span=%', '#constructor=1']) {
      assert.deepEqual(readLink(hash), { span: undefined, subtree: undefined });
    }
  });

  test('a table has the same rows in every order', () => {
    const { rows } = derive.rows(START, webhook).shown.waterfall;
    for (const column of COLUMNS) {
      const up = sortedRows(rows, { column, isDescending: false }, webhook.analysis);
      const down = sortedRows(rows, { column, isDescending: true }, webhook.analysis);
      assert.deepEqual(new Set(up), new Set(rows));
      assert.equal(up.length, down.length);
    }
    const longest = sortedRows(rows, { column: 'total', isDescending: true }, webhook.analysis);
    assert.equal(longest[0], rows[0]);
  });
});
