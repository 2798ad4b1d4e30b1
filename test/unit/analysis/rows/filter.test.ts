import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { kubernetesRows } from '../../../../src/analysis/kubernetes/rows.ts';
import { filterRows, longestRows, type RowFilter } from '../../../../src/analysis/rows/filter.ts';
import type { RowNode } from '../../../../src/analysis/rows/row-node.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import { nanos } from '../../../../src/trace/time.ts';
import type { Trace } from '../../../../src/trace/trace.ts';
import { dirtySpans } from '../../../support/dirty-spans.ts';
import { drawTrace } from '../../../support/draw-trace.ts';

const trace = drawTrace(`
  command@cli       |----------------------------|
    short             |-|
    List@apiserver       |------------------|
      Range               |-------|
        range@etcd          |---|
      Range                         |--|
`);

function names(filter: RowFilter, of: Trace = trace): { names: string[]; leftOut: number } {
  const { root, leftOut } = filterRows(kubernetesRows(of), filter);
  return { names: flat(root).map(({ spans: [first] }) => first?.span.name ?? ''), leftOut };
}

function flat(root: RowNode): RowNode[] {
  const all = [root];
  for (const node of all) all.push(...node.children);
  return all;
}

test('depth is counted from below the root row', () => {
  assert.deepEqual(names({ depth: 0 }), { names: ['command'], leftOut: 5 });
  assert.deepEqual(names({ depth: 1 }), { names: ['command', 'short', 'List'], leftOut: 3 });
  assert.deepEqual(names({ depth: 9 }).leftOut, 0);
});

test('ancestors of visible rows stay visible', () => {
  assert.deepEqual(names({ services: ['etcd'] }), { names: ['command', 'List', 'Range', 'range'], leftOut: 2 });
  assert.deepEqual(names({ minDuration: nanos(8) }), { names: ['command', 'List', 'Range'], leftOut: 3 });
});

test('a row must match all given filters', () => {
  assert.deepEqual(names({ services: ['etcd', 'apiserver'], minDuration: nanos(4) }).names, [
    'command',
    'List',
    'Range',
    'range',
  ]);
  assert.deepEqual(names({ services: ['etcd'], depth: 2 }), { names: ['command'], leftOut: 5 });
  assert.deepEqual(names({ errors: true }), { names: ['command'], leftOut: 5 });
});

test('rows of any trace are drawn or counted, and the parent of a drawn row is drawn', () => {
  fc.assert(
    fc.property(
      dirtySpans,
      fc.record(
        {
          depth: fc.integer({ min: 0, max: 5 }),
          minDuration: fc.integer({ min: 0, max: 40 }).map(nanos),
          services: fc.constantFrom(['etcd'], ['apiserver', 'containerd']),
          errors: fc.boolean(),
          noInferred: fc.boolean(),
        },
        { requiredKeys: [] },
      ),
      (inputs, filter) => {
        const all = kubernetesRows(buildTrace(inputs) as Trace);
        const { root, leftOut } = filterRows(all, filter);
        assert.equal(flat(root).length + leftOut, flat(all).length);
        if (filter.noInferred === true) {
          for (const { spans, children } of flat(root).slice(1)) {
            assert.ok(children.length > 0 || spans.some(({ inferred }) => !inferred));
          }
        }
      },
    ),
  );
});

test('a row limit keeps the longest rows, the first among equals, and rows that must stay visible', () => {
  const all = kubernetesRows(trace);
  const kept = (most: number, also: readonly string[] = []): string[] => {
    const spans = new Set(trace.spans.filter(({ span }) => also.includes(span.name)));
    return flat(longestRows(all, most, spans).root).map(({ spans: [first] }) => first?.span.name ?? '');
  };
  assert.equal(longestRows(all, 6, new Set()).root, all);
  assert.deepEqual(longestRows(all, 3, new Set()).leftOut, 3);
  assert.deepEqual(kept(3), ['command', 'List', 'Range']);
  assert.deepEqual(kept(1, ['short']), ['command', 'short']);
  assert.deepEqual(kept(2, ['range']), ['command', 'List', 'Range', 'range']);
});
