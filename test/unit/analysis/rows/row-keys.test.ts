import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { analyse } from '../../../../src/analysis/analyse.ts';
import { RowKeys } from '../../../../src/analysis/rows/row-keys.ts';
import type { Row } from '../../../../src/analysis/rows/waterfall.ts';
import { shownRows } from '../../../../src/render/terminal/shown-rows.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import type { SpanSource } from '../../../../src/trace/trace.ts';
import { dirtySpans } from '../../../support/dirty-spans.ts';
import { span } from '../../../support/spans.ts';

const rowsOf = (inputs: Parameters<typeof buildTrace>[0]): readonly Row[] => {
  const trace = buildTrace(inputs);
  return trace === undefined ? [] : shownRows(analyse(trace), { full: true, unfolded: true }).waterfall.rows;
};

/** A root, and a row of each name below it. */
const trace = (source: SpanSource, ...names: readonly string[]): readonly Row[] =>
  rowsOf([
    { span: span({ id: '1', name: `root of ${names.length}` }), source: 'span', inferred: false },
    ...names.map((name, index) => ({
      span: span({ id: (index + 2).toString(16), parent: '1', name, service: 'shop' }),
      source,
      inferred: false,
    })),
  ]);

/** Of each row of the first trace the name of the same row of the second. */
function same(one: readonly Row[], other: readonly Row[]): (string | undefined)[] {
  const keys = new RowKeys();
  const others = keys.of(other);
  return [...keys.of(one).keys()].slice(1).map((key) => others.get(key)?.spans[0]?.span.name);
}

suite('the keys of rows', () => {
  test('are the same for rows of the same name, counted among their siblings', () => {
    assert.deepEqual(same(trace('span', 'a', 'b', 'a'), trace('span', 'b', 'a')), ['a', 'b', undefined]);
    assert.deepEqual(same(trace('span', 'webhook v1.example.com'), trace('span', 'webhook v2.example.com')), [
      undefined,
    ]);
  });

  test("of this program's measurements do not depend on the times and sizes in their names", () => {
    const one = [
      'connect: TCP 210 µs, TLS 4.94 ms',
      'network',
      'network: response of 409 B',
      'read the response, 3.6 KiB',
    ];
    const other = [
      'connect: DNS 12m05s, TCP 1.00 s, TLS 3 ns',
      'network',
      'network: response of 1.2 MiB',
      'read the response, 12 B',
    ];
    assert.deepEqual(same(trace('client', ...one), trace('client', ...other)), other);
    assert.deepEqual(same(trace('client', 'connect', 'GET'), trace('client', 'connect: TLS 1.00 ms', 'POST')), [
      'connect: TLS 1.00 ms',
      undefined,
    ]);
  });

  test('are different for all rows of a trace, whatever their names, and the same when it is read again', () => {
    fc.assert(
      fc.property(dirtySpans, (spans) => {
        const keys = new RowKeys();
        const rows = rowsOf(spans);
        const keyed = keys.of(rows);
        assert.deepEqual([...keyed.values()], rows);
        assert.deepEqual([...keys.of(rowsOf(spans)).keys()], [...keyed.keys()]);
      }),
    );
    const names = ['a', 'a', '2 0 a', '1 0 a', '0 a', '0', ''];
    assert.equal(new RowKeys().of(trace('span', ...names)).size, names.length + 1);
  });
});
