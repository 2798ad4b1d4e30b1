import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endToEnd, relayHeaders, type RelayIdentity } from '../../../../src/kube/http/relay-headers.ts';
import { relayedRequest } from '../../../../src/kube/http/relayed-request.ts';
import { newContext } from '../fixture.ts';

const identity: RelayIdentity = {
  authorization: 'Bearer real',
  impersonation: { 'impersonate-user': 'jane', 'impersonate-group': ['dev', 'ops'] },
};
const context = newContext();

test('the proxy’s token stays here, and the user’s goes on', () => {
  const headers = relayHeaders(
    ['Authorization', 'Bearer throw-away', 'Host', '127.0.0.1:1', 'Accept', '*/*'],
    context,
    identity,
  );
  assert.equal(headers['authorization'], 'Bearer real');
  assert.equal(headers['host'], undefined);
  assert.equal(headers['accept'], '*/*');
  const certificate = relayHeaders(['Authorization', 'Bearer throw-away'], context, {
    ...identity,
    authorization: undefined,
  });
  assert.equal(certificate['authorization'], undefined);
});

test('whom the kubeconfig acts as, unless the client says whom', () => {
  assert.deepEqual(relayHeaders([], context, identity)['impersonate-group'], ['dev', 'ops']);
  const own = relayHeaders(['Impersonate-User', 'bob'], context, identity);
  assert.equal(own['impersonate-user'], 'bob');
  // As a flag of kubectl: only the name is replaced.
  assert.deepEqual(own['impersonate-group'], ['dev', 'ops']);
});

test('each part of an identity is replaced separately, and none is removed', () => {
  const whole = {
    ...identity,
    impersonation: { ...identity.impersonation, 'impersonate-uid': '7', 'impersonate-extra-reason': ['audit'] },
  };
  const rows: readonly (readonly [raw: readonly string[], changed: Readonly<Record<string, unknown>>])[] = [
    [[], {}],
    [['Impersonate-Foo', 'x'], { 'impersonate-foo': 'x' }],
    [['impersonate-group', 'admins'], { 'impersonate-group': 'admins' }],
    [['Impersonate-Uid', '8'], { 'impersonate-uid': '8' }],
    [['Impersonate-User', ''], {}],
    [['Impersonate-User', '  '], {}],
    // The API server reads the first one, and an empty one counts as missing.
    [['Impersonate-User', '', 'Impersonate-User', 'bob'], { 'impersonate-user': 'bob' }],
    [['Impersonate-User', 'bob', 'Impersonate-User', ''], { 'impersonate-user': 'bob' }],
    [['Impersonate-Uid', ''], {}],
    [['Impersonate-Group', ''], {}],
    [['Impersonate-Group', '', 'Impersonate-Group', 'a'], { 'impersonate-group': ['', 'a'] }],
    [['Impersonate-Extra-Reason', ''], {}],
    [['Impersonate-Extra-Scope', 'a', 'Impersonate-Extra-Scope', 'b'], { 'impersonate-extra-scope': ['a', 'b'] }],
    [['Connection', 'impersonate-user', 'Impersonate-User', 'bob'], { 'impersonate-user': 'bob' }],
  ];
  for (const [raw, changed] of rows) {
    const headers = relayHeaders(raw, context, whole);
    const parts = Object.entries(headers).filter(([name]) => name.startsWith('impersonate-'));
    assert.deepEqual(Object.fromEntries(parts), { ...whole.impersonation, ...changed });
  }
});

test('a field can have a name that objects inherit', () => {
  const raw = ['constructor', 'a', '__proto__', 'b', 'valueOf', 'c'];
  const { constructor, valueof, ...headers } = relayHeaders(raw, context, identity);
  assert.deepEqual([constructor, valueof], ['a', 'c']);
  assert.equal(Object.getOwnPropertyDescriptor(headers, '__proto__')?.value, 'b');
});

test('a Connection header removes no end-to-end field', () => {
  const names = `Allow Expires Last-Modified Link Origin Pragma Prefer Referer Server Via Content-Type Baggage
    Impersonate-Extra-Reason X-Forwarded-For Sec-WebSocket-Key`.split(/\s+/);
  const fields = names.flatMap((name) => [name, '1']);
  assert.deepEqual(endToEnd(['Connection', names.join(', '), ...fields]), fields);
});

test('what is of one connection ends with it', () => {
  const raw = [
    'Connection',
    'keep-alive, X-Hop',
    'X-Hop',
    '1',
    'Keep-Alive',
    'timeout=5',
    'TE',
    'trailers',
    'Proxy-Authorization',
    'Basic x',
    'Accept',
    'a',
  ];
  assert.deepEqual(endToEnd(raw), ['Accept', 'a']);
  const headers = relayHeaders(raw, context, identity);
  for (const name of ['connection', 'x-hop', 'keep-alive', 'te', 'proxy-authorization'])
    assert.equal(headers[name], undefined, name);
});

test('a Connection header that names fields for the API server removes none of them', () => {
  const fields = {
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'content-type': 'application/json',
    'content-length': '2',
    'impersonate-user': 'jane',
    'impersonate-extra-scopes': 'view',
    'user-agent': 'kubectl/1.37',
    cookie: 'a=b',
    'if-none-match': 'x',
  };
  const named = [...Object.keys(fields), 'authorization', 'traceparent', 'audit-id', 'x-hop'].join(', ');
  const raw = ['Connection', named.toUpperCase(), 'X-Hop', '1', ...Object.entries(fields).flat()];
  const headers = relayHeaders(raw, context, identity);
  for (const [name, value] of Object.entries(fields)) assert.equal(headers[name], value, name);
  for (const name of ['authorization', 'traceparent', 'audit-id']) assert.notEqual(headers[name], undefined, name);
  for (const name of ['connection', 'x-hop']) assert.equal(headers[name], undefined, name);
});

test('another protocol and a body of unknown size need the next connection too', () => {
  const upgrade = relayHeaders(['Connection', 'Upgrade', 'Upgrade', 'websocket'], context, identity);
  assert.deepEqual([upgrade['connection'], upgrade['upgrade']], ['Upgrade', 'websocket']);
  assert.equal(relayHeaders(['Transfer-Encoding', 'chunked'], context, identity)['transfer-encoding'], 'chunked');
});

const purposes: readonly (readonly [method: string, target: string, purpose: string])[] = [
  ['GET', '/api', 'discovery'],
  ['GET', '/apis?timeout=32s', 'discovery'],
  ['GET', '/apis/apps/v1', 'discovery'],
  ['GET', '/api/v1?x=1', 'discovery'],
  ['GET', '/openapi/v3/apis/apps/v1?hash=A', 'discovery'],
  ['GET', '/version', 'discovery'],
  ['GET', '/api/v1/nodes', 'request'],
  ['GET', '/readyz', 'request'],
  ['GET', '/versions', 'request'],
  ['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', 'request'],
];
for (const [method, target, purpose] of purposes) {
  test(`${method} ${target} is ${purpose}`, () => assert.equal(relayedRequest(method, target).purpose, purpose));
}

test('what a relayed request is about', () => {
  const { path, query, resource, namespace, name, subresource } = relayedRequest(
    'GET',
    '/api/v1/namespaces/shop/pods/web/log?follow=true&container=a%20b',
  );
  assert.equal(path, '/api/v1/namespaces/shop/pods/web/log');
  assert.deepEqual(query, [
    ['follow', 'true'],
    ['container', 'a b'],
  ]);
  assert.deepEqual([resource, namespace, name, subresource], ['pods', 'shop', 'web', 'log']);
});
