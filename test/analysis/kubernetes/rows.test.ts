import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kubernetesRows } from '../../../src/analysis/kubernetes/rows.ts';
import type { RowNode } from '../../../src/analysis/row-node.ts';
import { buildTrace } from '../../../src/trace/build.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { drawSpans, drawTrace } from '../../support/draw-trace.ts';

const indented = (node: RowNode, depth = 0): string[] => [
  '  '.repeat(depth) + node.label[0],
  ...node.children.flatMap((child) => indented(child, depth + 1)),
];

test('nested filters are one row beside what they called', () => {
  const rows = kubernetesRows(
    drawTrace(`
      request@apiserver:server      |-------------------------|
        audit                        |-----------------------|
          constrainedimpersonation    |---------------------|
            priorityandfairness        |-------------------|
              authorization              |---------------|
                Get                         |------|
                SerializeObject                     |--|
    `),
  );
  assert.deepEqual(indented(rows), [
    'apiserver  request',
    '  filters: audit, impersonation, queue, authz',
    '  Get',
    '  SerializeObject',
  ]);
  assert.deepEqual(rows.children[0]?.label.at(-1), 'filters (4 spans)');
  assert.equal(rows.children[0]?.folded, true);
});

test('a filter that holds more than the next one ends the chain', () => {
  const rows = kubernetesRows(
    drawTrace(`
      request@apiserver:server |-----------------|
        audit                   |---------------|
          authorization          |----|
            Get                   |--|
          List                           |---|
    `),
  );
  assert.deepEqual(indented(rows), ['apiserver  request', '  filter: audit', '  filter: authz', '  Get', '  List']);
});

test("a command's only request is one row with it, two are not", () => {
  const own = (picture: string): Trace =>
    buildTrace(drawSpans(picture).map((span) => ({ span, source: 'client', inferred: false }))) as Trace;
  const one = kubernetesRows(
    own(`
      command@kubectl-trace    |-----------|
        GET:client             |-----------|
          connect              |---|
    `),
  );
  assert.deepEqual(indented(one), ['command', '  connect']);
  assert.equal(one.spans.length, 2);
  const two = kubernetesRows(
    own(`
      command@kubectl-trace    |-----------|
        GET:client             |---|
        GET:client                 |-------|
    `),
  );
  assert.deepEqual(indented(two), ['command', '  GET', '  GET']);
});
