import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeQuery, getRequest, nextPage, rawRequest, type GetOptions } from '../../src/kube/request.ts';
import type { ResourceType } from '../../src/kube/resource-type.ts';
import { answer } from './fixture.ts';

const more = { shortNames: [], categories: [], verbs: [] };
const pods: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'pods',
  kind: 'Pod',
  singular: 'pod',
  namespaced: true,
  ...more,
};
const nodes: ResourceType = { ...pods, resource: 'nodes', kind: 'Node', singular: 'node', namespaced: false };
const leases: ResourceType = {
  ...pods,
  group: 'coordination.k8s.io',
  resource: 'leases',
  kind: 'Lease',
  singular: 'lease',
};
const options: GetOptions = { names: [], namespace: 'shop', allNamespaces: false };

test('a list is of the namespace, of all of them, or of none', () => {
  const path = (type: ResourceType, over: Partial<GetOptions> = {}): string =>
    getRequest(type, { ...options, ...over })[0]!.path;
  assert.equal(path(pods), '/api/v1/namespaces/shop/pods');
  assert.equal(path(pods, { allNamespaces: true }), '/api/v1/pods');
  assert.equal(path(nodes), '/api/v1/nodes');
  assert.equal(path(leases), '/apis/coordination.k8s.io/v1/namespaces/shop/leases');
});

test('a list says what it is about', () => {
  const [request] = getRequest(leases, options);
  const { purpose, method, group, version, resource, namespace, name } = request!;
  assert.deepEqual([purpose, method, group, version], ['request', 'GET', 'coordination.k8s.io', 'v1']);
  assert.deepEqual([resource, namespace, name], ['leases', 'shop', null]);
});

test('each name is a request of its own, without a query', () => {
  const requests = getRequest(pods, { ...options, names: ['a', 'b:c'] });
  assert.deepEqual(
    requests.map(({ path, name, query }) => [path, name, query]),
    [
      ['/api/v1/namespaces/shop/pods/a', 'a', []],
      ['/api/v1/namespaces/shop/pods/b%3Ac', 'b:c', []],
    ],
  );
});

for (const name of ['', '.', '..', 'a/b', '../secrets', 'a%2fb', 'a\0b']) {
  test(`${JSON.stringify(name)} is no name`, () => {
    assert.throws(() => getRequest(pods, { ...options, names: [name] }), { reason: 'InvalidName', exitCode: 2 });
    if (name !== '') assert.throws(() => getRequest(pods, { ...options, namespace: name }), { reason: 'InvalidName' });
  });
}

test('no name leaves its place in the path', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      let path: string;
      try {
        path = getRequest(pods, { ...options, names: [name] })[0]!.path;
      } catch (error) {
        // A lone surrogate has no encoding: encodeURIComponent refuses it.
        assert.ok(error instanceof Error);
        return;
      }
      const url = new URL(path, 'https://server');
      assert.equal(url.pathname.split('/').length, 7);
      assert.equal(url.search + url.hash, '');
      assert.equal(url.host, 'server');
    }),
  );
});

test('a name and a selector, or a name and all namespaces, do not go together', () => {
  const message = 'name cannot be provided when a selector is specified';
  assert.throws(() => getRequest(pods, { ...options, names: ['a'], labelSelector: 'x' }), { message });
  assert.throws(() => getRequest(pods, { ...options, names: ['a'], allNamespaces: true }), {
    message: 'a resource cannot be retrieved by name across all namespaces',
  });
});

test('a query is written as Go writes it', () => {
  assert.equal(
    encodeQuery([
      ['a', 'in (b, c)'],
      ['d', "~-_.*!'"],
    ]),
    'a=in+%28b%2C+c%29&d=~-_.%2A%21%27',
  );
});

test('a raw path keeps its query', () => {
  const request = rawRequest('/api/v1/pods?limit=1&labelSelector=a%3Db');
  assert.equal(request.path, '/api/v1/pods');
  assert.deepEqual(request.query, [
    ['limit', '1'],
    ['labelSelector', 'a=b'],
  ]);
  assert.deepEqual([request.group, request.resource, request.name], ['', 'pods', null]);
  assert.equal(rawRequest('/readyz?verbose').resource, null);
});

for (const raw of [
  'nodes',
  '',
  'https://evil/x',
  '//evil/x',
  '/a/../b',
  '/a/%2E%2e/b',
  '/a b',
  '/a\r\nX: y',
  '/a#b',
  '/\\evil',
]) {
  test(`--raw ${JSON.stringify(raw)} is refused`, () => {
    assert.throws(() => rawRequest(raw), { reason: 'InvalidRawPath', exitCode: 2 });
  });
}

test('a list that was cut off is continued, one that was not is over', () => {
  const [request] = getRequest(pods, options);
  const cut = answer(200, { metadata: { continue: 'abc' } }, { request: request! });
  assert.deepEqual(nextPage(cut)?.query, [
    ['continue', 'abc'],
    ['limit', '500'],
  ]);
  assert.equal(nextPage(answer(200, { metadata: {} }, { request: request! })), undefined);
  assert.equal(nextPage(answer(410, { metadata: { continue: 'abc' } }, { request: request! })), undefined);
});
