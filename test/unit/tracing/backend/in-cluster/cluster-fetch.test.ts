import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BackendNotReached } from '../../../../../src/backend/http/not-reached.ts';
import { clusterFetch, mayPassThrough } from '../../../../../src/tracing/backend/in-cluster/cluster-fetch.ts';
import type { Cluster, Exchange, KubeRequest } from '../../../../../src/kube/http/exchange.ts';
import { exchange, testRuntime } from '../../../kube/fixture.ts';

const address = { namespace: 'a', name: 'jaeger', port: 80, scheme: 'http' } as const;
const below = 'https://cluster.test/api/v1/namespaces/a/services/http:jaeger:80/proxy';

function clusterOf(answer: Partial<Exchange>): Cluster & { readonly sent: KubeRequest[] } {
  const sent: KubeRequest[] = [];
  return {
    sent,
    contextName: 'admin',
    server: 'https://cluster.test',
    namespace: 'default',
    send: async (request) => {
      sent.push(request);
      return exchange({ status: 200, ...answer });
    },
    forward: () => assert.fail('nothing is to be forwarded'),
    close: () => {},
  };
}

test('only the tenant header of a backend passes through the service proxy', async () => {
  const cluster = clusterOf({
    body: Buffer.from('{}'),
    headers: { 'content-type': 'text/plain', 'content-length': '2' },
  });
  const headers = {
    authorization: 's3cret',
    cookie: 's3cret',
    'x-api-key': 's3cret',
    'X-Scope-OrgID': 'team',
    accept: 'a/b',
  };
  const answer = await clusterFetch(cluster, address, testRuntime())(`${below}/api/traces?a=b%20c&d=`, { headers });
  assert.equal(await answer.text(), '{}');
  assert.equal(answer.headers.get('content-type'), 'text/plain');
  const [request] = cluster.sent;
  assert.deepEqual(request?.headers, { accept: 'a/b', 'x-scope-orgid': 'team' });
  assert.deepEqual(request?.query, [
    ['a', 'b c'],
    ['d', ''],
  ]);
  assert.equal(request?.path, '/api/v1/namespaces/a/services/http:jaeger:80/proxy/api/traces');
  assert.deepEqual([request?.unsampled, request?.resource, request?.subresource], [true, 'services', 'proxy']);
  assert.equal(mayPassThrough({ 'x-tenant': 'a', accountid: '1' }), true);
  assert.equal(mayPassThrough({ 'x-tenant': 'a', 'x-api-key': '1' }), false);
});

test('cluster credentials are used for no other request', async () => {
  const cluster = clusterOf({});
  for (const url of ['https://cluster.test.evil.test/x', 'https://other.test/', 'http://cluster.test/']) {
    await assert.rejects(clusterFetch(cluster, address, testRuntime())(url), /an address outside the cluster/);
  }
  assert.deepEqual(cluster.sent, []);
});

test('an error from the API server itself is not taken for a backend response', async () => {
  const refusal = async (answer: Partial<Exchange>): Promise<BackendNotReached['failure']> => {
    const error: unknown = await clusterFetch(
      clusterOf(answer),
      address,
      testRuntime(),
    )(below).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof BackendNotReached);
    return error.failure;
  };
  const status = (message: string): Buffer => Buffer.from(JSON.stringify({ kind: 'Status', message }));
  const forbidden = await refusal({ status: 403, body: status('services "x" is forbidden') });
  assert.equal(forbidden.status === 'failed' && forbidden.reason, 'ProxyForbidden');
  assert.match(
    (forbidden.status === 'failed' && forbidden.hint) || '',
    /services\/proxy in namespace a \(resourceNames: http:jaeger:80\)/,
  );
  assert.equal((await refusal({ status: 503, body: status('no endpoints available') })).status, 'unavailable');
  const gone = await refusal({ status: 404, body: status('services "x" not found') });
  assert.equal(gone.status === 'failed' && gone.reason, 'BackendGone');
  const down = await refusal({ status: null, error: { reason: 'x', message: 'connection refused' } });
  assert.match(down.message, /forwarded nothing: connection refused/);
  const own = await clusterFetch(clusterOf({ status: 403, body: Buffer.from('no') }), address, testRuntime())(below);
  assert.equal(own.status, 403, 'a backend’s own refusal is its answer');
});
