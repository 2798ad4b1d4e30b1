import assert from 'node:assert/strict';
import type { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { tlsEndOf } from '../../../../src/kube/http/tls-end.ts';

const certificate = (subjectAltName: string | undefined) => ({ subjectAltName }) as X509Certificate;
const OWN = certificate('DNS:kubernetes, DNS:kubernetes.default, DNS:kubernetes.default.svc, IP Address:10.96.0.1');
const OTHER = certificate('DNS:rancher.example.com');

test('the API server is known by the names in its certificate', () => {
  assert.equal(tlsEndOf(OWN, {}, ''), 'apiserver');
  assert.equal(tlsEndOf(OTHER, {}, ''), null);
  assert.equal(tlsEndOf(certificate(undefined), {}, ''), null);
});

test('a gateway is known by a path in the server’s address, and by headers that no API server sets', () => {
  assert.equal(tlsEndOf(OTHER, {}, '/k8s/clusters/c-1'), 'gateway');
  for (const headers of [{ server: 'nginx/1.27' }, { via: '1.1 proxy' }, { 'x-api-cattle-auth': 'true' }]) {
    assert.equal(tlsEndOf(OTHER, headers, ''), 'gateway', JSON.stringify(headers));
  }
});

test('without TLS nothing is known', () => assert.equal(tlsEndOf(undefined, { server: 'nginx' }, ''), null));
