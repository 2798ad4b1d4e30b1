import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TraceInput } from '../../../../../src/trace/trace.ts';
import { replacedReasons } from '../../../../../src/tracing/source/metrics/replaced-rows.ts';
import { nodesRequest } from '../../../../support/reports.ts';
import { span } from '../../../../support/spans.ts';

const row = (name: string, precision: TraceInput['precision'] = 'exact'): TraceInput => ({
  span: span({ id: '5e', name }),
  source: 'metric',
  inferred: false,
  precision,
});

const root = row('GET /api/v1/nodes');
const queue = row('queue of priority level global-default');
const FILTERS = ['audit', 'constrainedimpersonation', 'priorityandfairness', 'authorization'];
const filters = FILTERS.map((name) => row(name));
const without = (lost: string): TraceInput[] => filters.filter(({ span: { name } }) => name !== lost);

const codes = (rows: readonly TraceInput[], status = 200): string[] =>
  replacedReasons(rows, { ...nodesRequest, status }).map(({ code }) => code);

suite('exemplars of a request were replaced', () => {
  test('where it has no time as a whole', () => {
    assert.deepEqual(codes([row('GET', 'inferred'), ...filters]), ['exemplars-replaced']);
  });
  for (const lost of FILTERS) {
    test(`where the filter ${lost} has no row`, () => {
      assert.deepEqual(codes([root, ...without(lost), queue]), ['exemplars-replaced']);
    });
  }
});

suite('no exemplar of a request was replaced', () => {
  test('where all filters have rows, in older versions by another name', () => {
    assert.deepEqual(codes([root, ...filters, queue]), []);
    assert.deepEqual(codes([root, ...without('constrainedimpersonation'), row('impersonation')]), []);
  });
  test('where the server has no priorities', () => {
    assert.deepEqual(codes([root, ...without('priorityandfairness')]), []);
  });
  test('where the authorizer refused it, which is not counted as a request', () => {
    assert.deepEqual(codes([row('GET', 'inferred'), row('authorization (length only)')]), []);
    assert.deepEqual(codes([root], 403), []);
  });
  test('where only its length is known', () => {
    assert.deepEqual(codes([row('GET', 'length-only')]), []);
  });
  test('where it is about no resource', () => {
    assert.deepEqual(replacedReasons([row('GET', 'inferred')], { ...nodesRequest, resource: null }), []);
  });
});
