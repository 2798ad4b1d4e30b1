import assert from 'node:assert/strict';
import { test } from 'node:test';
import { impersonationHeaders } from '../../../../src/kube/connect/impersonation.ts';

test('impersonation: user, uid, groups and extra are separate headers', () => {
  const user = { as: 'jane', asUID: '7', asGroups: ['dev', 'ops'], asUserExtra: { 'example.com/scope': ['a', 'b'] } };
  assert.deepEqual(impersonationHeaders(user), {
    'impersonate-user': 'jane',
    'impersonate-uid': '7',
    'impersonate-group': ['dev', 'ops'],
    'impersonate-extra-example.com%2Fscope': ['a', 'b'],
  });
});

test('impersonation: no user means no headers', () => assert.deepEqual(impersonationHeaders({}), {}));

test('names beyond ASCII are their bytes in UTF-8, and a line break is refused without quoting the name', () => {
  assert.deepEqual(impersonationHeaders({ as: 'Zoë' }), { 'impersonate-user': 'ZoÃ«' });
  assert.throws(() => impersonationHeaders({ as: 'jane\nx: y' }), {
    exitCode: 2,
    message: 'the user to impersonate contains a line break, which an HTTP header cannot hold',
  });
});
