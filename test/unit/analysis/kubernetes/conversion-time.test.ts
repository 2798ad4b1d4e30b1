import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversionTime } from '../../../../src/analysis/kubernetes/conversion-time.ts';
import { between } from '../../../../src/trace/time.ts';
import type { Attributes } from '../../../../src/trace/span.ts';
import { timeline, type Timed } from '../../../support/timeline.ts';

const WIDGETS: Attributes = { group: 'example.com', resource: 'widgets', key: '/example.com/widgets/default/one' };

const read = (decoded: number, attributes = WIDGETS, name = 'Get etcd3'): Timed => ({
  name,
  from: 0,
  to: decoded + 1,
  attributes,
  events: [
    ['Get call succeeded', 4],
    ['TransformFromStorage succeeded', 5],
    ['Decode succeeded', decoded],
  ],
  below: [{ name: 'etcdserverpb.KV/Range', from: 1, to: 4, kind: 'client' }],
});

/** From and to in milliseconds, of what is inferred. */
function gaps(timed: Timed): number[][] {
  const trace = timeline({ name: 'Get', from: 0, to: 500, below: [timed] });
  return conversionTime(trace).map(({ span, inferred, source }) => {
    assert.deepEqual([inferred, source], [true, 'gap']);
    return [between(trace.startedAt, span.start) / 1e6, between(trace.startedAt, span.end) / 1e6];
  });
}

test('a slow decode of a custom object is inferred as conversion', () => {
  assert.deepEqual(gaps(read(305)), [[5, 305]]);
});

test('a write of a custom object infers conversion before it, and conversion of the stored object after it', () => {
  const events: Timed['events'] = [
    ['About to Encode', 2],
    ['Encode succeeded', 102],
    ['TransformToStorage succeeded', 103],
    ['Txn call succeeded', 110],
    ['TransformFromStorage succeeded', 110],
    ['Decode succeeded', 210],
  ];
  assert.deepEqual(gaps({ name: 'Create etcd3', from: 0, to: 212, attributes: WIDGETS, events }), [
    [2, 102],
    [110, 210],
  ]);
});

test('no conversion is inferred under 10 ms, for built-in resources, or without the events', () => {
  assert.deepEqual(gaps(read(14)), []);
  for (const group of ['', 'apps', 'networking.k8s.io', 'flowcontrol.apiserver.k8s.io']) {
    assert.deepEqual(gaps(read(305, { ...WIDGETS, group })), [], group);
  }
  assert.deepEqual(gaps(read(305, { ...WIDGETS, group: 'snapshot.storage.k8s.io' })), [[5, 305]]);
  assert.deepEqual(gaps({ ...read(305), events: [['Decode succeeded', 305]] }), []);
  assert.deepEqual(gaps({ ...read(305), service: 'other' }), []);
});

test('time covered by another span is not conversion', () => {
  const timed = read(305);
  const below = [...(timed.below ?? []), { name: 'TransformFromStorage', from: 20, to: 290 }];
  assert.deepEqual(gaps({ ...timed, below }), [
    [5, 20],
    [290, 305],
  ]);
});
