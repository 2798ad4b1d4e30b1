import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flagzRequest, serverFlagsOf } from '../../../../../src/kube/api/control-plane/flagz.ts';
import { answer, exchange } from '../../fixture.ts';

/** As Kubernetes 1.37 responds. */
const flagz = (flags: unknown): unknown => ({
  kind: 'Flagz',
  apiVersion: 'config.k8s.io/v1beta1',
  metadata: { name: 'apiserver' },
  flags,
});

test('flagz: a server without a file for tracing does not trace', () => {
  assert.deepEqual(serverFlagsOf(answer(200, flagz({ 'tracing-config-file': '', v: '0' }))), { tracing: 'off' });
  const file = '/etc/kubernetes/tracing.yaml';
  assert.deepEqual(serverFlagsOf(answer(200, flagz({ 'tracing-config-file': file }))), { tracing: 'on' });
});

test('flagz: nothing is known from a response without the flag, another document or a failure', () => {
  for (const body of [flagz({}), flagz(null), flagz({ 'tracing-config-file': 1 }), { kind: 'Status' }, [], null]) {
    assert.equal(serverFlagsOf(answer(200, body)), undefined);
  }
  assert.equal(serverFlagsOf(answer(403, flagz({ 'tracing-config-file': '' }))), undefined);
  const text = Buffer.from('\napiserver flagz\ntracing-config-file=\n');
  assert.equal(serverFlagsOf(exchange({ status: 200, body: text })), undefined);
});

test('flagz: the request has the only format that is stable, and a bound', () => {
  const { path, headers, purpose, maxBytes } = flagzRequest();
  assert.deepEqual([path, purpose, maxBytes], ['/flagz', 'identity', 1024 * 1024]);
  assert.equal(headers['accept'], 'application/json;v=v1beta1;g=config.k8s.io;as=Flagz');
});
