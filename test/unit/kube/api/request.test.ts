import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  listRequest,
  objectRequest,
  watchListRequest,
  watchObjectRequest,
} from '../../../../src/kube/api/get-request.ts';
import { encodeQuery, nextPage, rawRequest } from '../../../../src/kube/api/request.ts';
import type { ResourceType } from '../../../../src/kube/api/resource-type.ts';
import { answer } from '../fixture.ts';

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
const options = { namespace: 'shop', allNamespaces: false, asTable: true, chunkSize: 500 };

test('a list is of the namespace, of all of them, or of none', () => {
  const path = (type: ResourceType, over: Partial<typeof options> = {}): string =>
    listRequest(type, { ...options, ...over }).path;
  assert.equal(path(pods), '/api/v1/namespaces/shop/pods');
  assert.equal(path(pods, { allNamespaces: true }), '/api/v1/pods');
  assert.equal(path(nodes), '/api/v1/nodes');
  assert.equal(path(leases), '/apis/coordination.k8s.io/v1/namespaces/shop/leases');
});

test('a list says what it is about', () => {
  const request = listRequest(leases, options);
  const { purpose, method, group, version, resource, namespace, name } = request;
  assert.deepEqual([purpose, method, group, version], ['request', 'GET', 'coordination.k8s.io', 'v1']);
  assert.deepEqual([resource, namespace, name], ['leases', 'shop', null]);
});

test('a list request has the parameters of the flags, in Go’s order', () => {
  const flags = { labelSelector: 'a=b', fieldSelector: 'c=d', resourceVersion: '7', chunkSize: 2 };
  const request = listRequest(pods, { ...options, ...flags, resourceVersionMatch: 'Exact' });
  assert.equal(
    encodeQuery(request.query),
    'fieldSelector=c%3Dd&labelSelector=a%3Db&limit=2&resourceVersion=7&resourceVersionMatch=Exact',
  );
  assert.deepEqual(listRequest(pods, { ...options, chunkSize: 0 }).query, []);
});

test('a request accepts a table, or the objects themselves', () => {
  assert.match(listRequest(pods, options).headers['accept']!, /as=Table/);
  assert.equal(listRequest(pods, { ...options, asTable: false }).headers['accept'], 'application/json');
});

test('each name is a separate request, without a query', () => {
  const { path, name, query } = objectRequest(pods, 'b:c?', options);
  assert.deepEqual([path, name, query], ['/api/v1/namespaces/shop/pods/b:c%3F', 'b:c?', []]);
});

test('a subresource has its own path', () => {
  const { path, subresource } = objectRequest(pods, 'a', { ...options, subresource: 'status' });
  assert.deepEqual([path, subresource], ['/api/v1/namespaces/shop/pods/a/status', 'status']);
  assert.throws(() => objectRequest(pods, 'a', { ...options, subresource: '../../../b' }), { reason: 'InvalidName' });
});

test('a list is watched from its version on, an object from any', () => {
  const end = { lines: 3 };
  const list = watchListRequest(pods, { ...options, labelSelector: 'a=b' }, '42', end);
  assert.equal(
    `${list.path}?${encodeQuery(list.query)}`,
    '/api/v1/namespaces/shop/pods?labelSelector=a%3Db&resourceVersion=42&watch=true',
  );
  assert.equal(list.streamEnd, end);
  const object = watchObjectRequest(pods, 'web', options, end);
  assert.equal(encodeQuery(object.query), 'fieldSelector=metadata.name%3Dweb&resourceVersion=0&watch=true');
});

for (const name of ['', '.', '..', 'a/b', '../../../secrets', 'a%2fb', 'a\0b']) {
  test(`${JSON.stringify(name)} is no name`, () => {
    assert.throws(() => objectRequest(pods, name, options), { reason: 'InvalidName', exitCode: 2 });
    if (name !== '') assert.throws(() => listRequest(pods, { ...options, namespace: name }), { reason: 'InvalidName' });
  });
}

test('no name leaves its place in the path', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      let path: string;
      try {
        path = objectRequest(pods, name, options).path;
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

test('a name and all namespaces do not go together, unless the type has none', () => {
  assert.throws(() => objectRequest(pods, 'a', { ...options, allNamespaces: true }), {
    message: 'a resource cannot be retrieved by name across all namespaces',
  });
  assert.equal(objectRequest(nodes, 'a', { ...options, allNamespaces: true }).path, '/api/v1/nodes/a');
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

test('a raw path keeps its query, sorted as kubectl sorts it', () => {
  const request = rawRequest('/api/v1/pods?limit=1&labelSelector=a%3Db');
  assert.equal(request.path, '/api/v1/pods');
  assert.deepEqual(request.query, [
    ['labelSelector', 'a=b'],
    ['limit', '1'],
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
  const request = listRequest(pods, { ...options, resourceVersion: '0' });
  const cut = answer(200, { metadata: { continue: 'abc' } }, { request });
  assert.deepEqual(nextPage(cut)?.query, [
    ['continue', 'abc'],
    ['limit', '500'],
  ]);
  assert.equal(nextPage(answer(200, { metadata: {} }, { request })), undefined);
  assert.equal(nextPage(answer(410, { metadata: { continue: 'abc' } }, { request })), undefined);
});
