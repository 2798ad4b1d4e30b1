import assert from 'node:assert/strict';
import { test } from 'node:test';
import { impersonationHeaders } from '../../src/kube/impersonation.ts';

test('user, uid, groups and extra are headers of their own', () => {
  const user = { as: 'jane', asUID: '7', asGroups: ['dev', 'ops'], asUserExtra: { 'example.com/scope': ['a', 'b'] } };
  assert.deepEqual(impersonationHeaders(user, 'me'), {
    'impersonate-user': 'jane',
    'impersonate-uid': '7',
    'impersonate-group': ['dev', 'ops'],
    'impersonate-extra-example.com%2Fscope': ['a', 'b'],
  });
});

test('nobody to act as, no headers', () => assert.deepEqual(impersonationHeaders({}, 'me'), {}));

test('groups without a user are a usage error', () => {
  assert.throws(() => impersonationHeaders({ asGroups: ['dev'] }, 'me'), {
    exitCode: 2,
    message: 'requesting uid, groups or user-extra for me without impersonating a user',
  });
});
