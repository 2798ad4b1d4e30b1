import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admissionTime } from '../../../../src/analysis/kubernetes/admission-time.ts';
import { event, inferredTimes, type MicroSpan } from '../../../support/inferred.ts';

const gaps = (spans: readonly MicroSpan[]): number[][] => inferredTimes(admissionTime, spans);

test('admission of a created object is inferred before and between webhooks, until it is stored', () => {
  assert.deepEqual(
    gaps([
      { id: '1', name: 'Create', from: 0, to: 5000, events: [event('About to store object in database', 300)] },
      { id: '2', parent: '1', name: 'Call mutating webhook', from: 800, to: 2000 },
      { id: '3', parent: '1', name: 'Call validating webhook', from: 2050, to: 3000 },
      { id: '4', parent: '1', name: 'Create etcd3', from: 3200, to: 4000 },
    ]),
    [
      [300, 800],
      [3000, 3200],
    ],
  );
});

test('admission of an updated object is inferred inside the guaranteed update', () => {
  assert.deepEqual(
    gaps([
      {
        id: '1',
        name: 'GuaranteedUpdate etcd3',
        from: 0,
        to: 3000,
        events: [event('initial value restored', 30), event('About to Encode', 410)],
      },
      { id: '2', parent: '1', name: 'etcdserverpb.KV/Txn', from: 450, to: 2900 },
    ]),
    [[30, 410]],
  );
});

test('no admission time is inferred without the events, below another service, or under 100 µs', () => {
  const store = { id: '2', parent: '1', name: 'Create etcd3', from: 399, to: 900 };
  const create = { id: '1', name: 'Create', from: 0, to: 1000 };
  const events = [event('About to store object in database', 300)];
  assert.deepEqual(gaps([create, store]), []);
  assert.deepEqual(gaps([{ ...create, events, service: 'other' }, store]), []);
  assert.deepEqual(gaps([{ ...create, events }]), []);
  assert.deepEqual(gaps([{ ...create, events }, store]), []);
  assert.deepEqual(
    gaps([
      { ...create, events },
      { ...store, from: 400 },
    ]),
    [[300, 400]],
  );
});
