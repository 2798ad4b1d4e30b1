import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kubernetesRows } from '../../../../src/analysis/kubernetes/rows.ts';
import type { RowNode } from '../../../../src/analysis/rows/row-node.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import type { Trace } from '../../../../src/trace/trace.ts';
import { drawSpans, drawTrace } from '../../../support/draw-trace.ts';
import { served, timeline } from '../../../support/timeline.ts';

const indented = (node: RowNode, depth = 0): string[] => [
  '  '.repeat(depth) + node.label[0],
  ...node.children.flatMap((child) => indented(child, depth + 1)),
];

test('nested filters are one row next to the span they called', () => {
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
  assert.deepEqual(rows.children[0]?.label.slice(1), ['filters (4 spans)', 'filters']);
  assert.equal(rows.children[0]?.folded, true);
});

/** A request of 100 ms whose queue or authorization takes this long. */
const filtered = (queue: number, authorization: number, whole = 100): Trace => {
  const handler = { name: 'Get', from: 2 + queue + authorization, to: whole - 2 };
  const authorize = { name: 'authorization', from: 2 + queue, to: whole - 1, below: [handler] };
  const queued = { name: 'priorityandfairness', from: 2, to: whole - 1, below: [authorize] };
  return timeline(served(0, whole, [{ name: 'audit', from: 1, to: whole, below: [queued] }]));
};

test('a filter of at least 10 ms and a tenth of the total has its own row', () => {
  const rows = kubernetesRows(filtered(40, 1));
  assert.deepEqual(indented(rows).slice(1), [
    '  filters: audit, authz',
    '  waiting in a queue (priorityandfairness)',
    '  Get',
  ]);
  assert.deepEqual(
    rows.children[1]?.spans.map(({ span }) => span.name),
    ['priorityandfairness'],
  );
  assert.deepEqual(indented(kubernetesRows(filtered(1, 40))).slice(1), [
    '  filters: audit, queue',
    '  authorization',
    '  Get',
  ]);
  assert.deepEqual(indented(kubernetesRows(filtered(20, 20))).slice(1, 4), [
    '  filter: audit',
    '  waiting in a queue (priorityandfairness)',
    '  authorization',
  ]);
});

test('a faster filter stays in the shared row', () => {
  for (const trace of [filtered(8, 1), filtered(40, 1, 500)]) {
    assert.deepEqual(indented(kubernetesRows(trace)).slice(1), ['  filters: audit, queue, authz', '  Get']);
  }
});

test('without a span of the handler, authorization has a row that names both', () => {
  for (const to of [3, 90]) {
    const authorize = { name: 'authorization', from: 2, to };
    const rows = kubernetesRows(timeline(served(0, 100, [{ name: 'audit', from: 1, to: 98, below: [authorize] }])));
    assert.ok(indented(rows).includes('  authorization or handler'), indented(rows).join('\n'));
    assert.ok(!indented(rows).join().includes('authz'));
  }
  const refused = { name: 'authorization', from: 2, to: 90, below: [{ name: 'SerializeObject', from: 80, to: 85 }] };
  const rows = kubernetesRows(timeline(served(0, 100, [refused], { 'http.response.status_code': 403 })));
  assert.deepEqual(indented(rows).slice(1), ['  authorization', '  SerializeObject']);
});

test('a filter with children besides the next filter ends the chain', () => {
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

test('a command with a single request shares its row; with two requests it does not', () => {
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
