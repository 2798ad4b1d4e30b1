import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instancesOf, instancesRequest, runningInstances, type Instance } from '../../../../src/kube/api/instances.ts';
import { answer } from '../fixture.ts';

const lease = (name: string, host?: string, renewTime?: string): object => ({
  metadata: { name, ...(host !== undefined && { labels: { 'kubernetes.io/hostname': host } }) },
  spec: { renewTime },
});

test('a Lease names a server, its host, and when it was there last', () => {
  const items = [lease('apiserver-a', 'control-plane-1', '2026-11-24T08:00:01.500000Z'), lease('apiserver-b')];
  assert.deepEqual(instancesOf(answer(200, { items })), [
    { id: 'apiserver-a', host: 'control-plane-1', renewedMillis: Date.UTC(2026, 10, 24, 8, 0, 1, 500) },
    { id: 'apiserver-b', host: null, renewedMillis: null },
  ]);
});

test('instances may be more than a call has arguments', () => {
  const many = Array.from({ length: 300_000 }, (_, index): Instance => ({
    id: `${index}`,
    host: null,
    renewedMillis: 1,
  }));
  assert.equal(runningInstances(many).length, 300_000);
});

test('who may not list Leases knows of no server', () => {
  assert.equal(instancesOf(answer(403, { kind: 'Status' })), undefined);
  for (const body of [{}, { items: [] }, { items: [null, 1, { metadata: null }] }, []]) {
    assert.equal(instancesOf(answer(200, body)), undefined);
  }
});

test('instances: the requested Leases are those of kube-apiservers, and as the user, since a tracer may not list them', () => {
  const { path, query, purpose, unsampled } = instancesRequest();
  assert.equal(path, '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases');
  assert.deepEqual(query, [['labelSelector', 'apiserver.kubernetes.io/identity=kube-apiserver']]);
  // A request of the purpose identity never impersonates.
  assert.deepEqual([purpose, unsampled], ['discovery', true]);
});

test('a server that has missed six renewals is gone, whatever the time is here', () => {
  const instance = (id: string, renewedMillis: number | null): Instance => ({ id, host: null, renewedMillis });
  const names = (...instances: Instance[]): string[] => runningInstances(instances).map(({ id }) => id);
  assert.deepEqual(names(instance('a', 0), instance('b', 60_000)), ['a', 'b']);
  assert.deepEqual(names(instance('a', 0), instance('b', 60_001)), ['b']);
  assert.deepEqual(names(instance('a', null), instance('b', 5)), ['a', 'b']);
  assert.deepEqual(names(instance('a', null)), ['a']);
  assert.deepEqual(names(), []);
});
