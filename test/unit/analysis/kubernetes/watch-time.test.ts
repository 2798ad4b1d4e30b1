import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchTime } from '../../../../src/analysis/kubernetes/watch-time.ts';
import { inferredTimes, type MicroSpan } from '../../../support/inferred.ts';

const open = (spans: readonly MicroSpan[]): number[][] => inferredTimes(watchTime, spans);

const filter = { id: '1', name: 'authorization', from: 0, to: 5000 };
const watch = { id: '2', parent: '1', name: 'cacher.Watch', from: 100, to: 130 };

test('a watch is open from its setup to the end of its filter', () => {
  assert.deepEqual(open([filter, watch]), [[130, 5000]]);
});

test('no open watch is inferred for a list, for a watch that ended immediately, or before a later span', () => {
  assert.deepEqual(open([filter, { ...watch, name: 'List' }]), []);
  assert.deepEqual(open([{ ...filter, to: 130 }, watch]), []);
  assert.deepEqual(open([filter, watch, { id: '3', parent: '1', name: 'List', from: 200, to: 300 }]), []);
});
