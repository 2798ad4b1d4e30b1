import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientRequest } from '../../../../src/kube/http/client-request.ts';
import { between } from '../../../../src/trace/time.ts';
import { exchange } from '../fixture.ts';

test('every phase ends in an event, the last with the request', () => {
  const done = exchange();
  const request = clientRequest(done, 'https://x', 'me');
  assert.deepEqual(
    request.events.map(({ name, time }) => [name, between(done.startedAt, time)]),
    [
      ['dns.done', 1000],
      ['connect.done', 3000],
      ['tls.done', 6000],
      ['http.request.written', 10_000],
      ['http.response.first_byte', 15_000],
      ['http.response.last_byte', 21_000],
    ],
  );
  assert.equal(between(request.start, request.end), 21_000);
  assert.equal(request.errorType, null);
});

test('the phase in which it failed has no event', () => {
  const { phases } = exchange();
  const failed = exchange({
    status: null,
    phases: { ...phases, tlsNanos: null, sendNanos: null, waitNanos: null, receiveNanos: null },
    error: { reason: 'ConnectionRefused', message: 'refused' },
  });
  const request = clientRequest(failed, 'https://x', 'me');
  assert.deepEqual(
    request.events.map(({ name }) => name),
    ['dns.done'],
  );
  assert.deepEqual([request.errorType, request.errorMessage], ['ConnectionRefused', 'refused']);
});

test('client span: an HTTP status is its own error type, and the response’s Audit-Id counts', () => {
  const request = clientRequest(exchange({ status: 404, auditID: 'theirs' }), 'https://x', 'me');
  assert.deepEqual([request.errorType, request.auditID], ['404', 'theirs']);
});

test('client span: it has the address and the object', () => {
  const request = clientRequest(exchange(), 'https://x:6443/base', 'me');
  assert.equal(request.url, 'https://x:6443/base/api/v1/nodes');
  assert.deepEqual(request.attributes, { 'k8s.request.version': 'v1', 'k8s.request.resource': 'nodes' });
});
