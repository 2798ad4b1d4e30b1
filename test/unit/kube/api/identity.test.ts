import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityOf, identityRequest, versionOf } from '../../../../src/kube/api/identity.ts';
import { answer, exchange } from '../fixture.ts';

test('a review names user and groups', () => {
  const extra = { 'authentication.kubernetes.io/credential-id': ['X509SHA256=1'], team: ['a', 'b'] };
  const userInfo = { username: 'ops', uid: '7', groups: ['a', 'system:authenticated'], extra };
  assert.deepEqual(identityOf(answer(201, { kind: 'SelfSubjectReview', status: { userInfo } })), {
    username: 'ops',
    groups: ['a', 'system:authenticated'],
    uid: '7',
    extra,
  });
});

test('identity: a user without groups has an empty list, and a response without a user is undefined', () => {
  assert.deepEqual(identityOf(answer(201, { status: { userInfo: { username: 'ops' } } })), {
    username: 'ops',
    groups: [],
    uid: null,
    extra: {},
  });
  for (const body of [{}, { status: null }, { status: { userInfo: {} } }, []]) {
    assert.equal(identityOf(answer(201, body)), undefined);
  }
  assert.equal(identityOf(answer(404, { status: { userInfo: { username: 'ops' } } })), undefined);
  assert.equal(identityOf(exchange({ status: 201, body: Buffer.from('<html>') })), undefined);
});

test('the review is a POST of its kind', () => {
  const { method, path, purpose, body } = identityRequest();
  assert.deepEqual([method, path, purpose], ['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', 'identity']);
  assert.equal(JSON.parse(String(body)).kind, 'SelfSubjectReview');
});

for (const [major, minor, gitVersion, expected] of [
  ['1', '37', 'v1.37.2', [1, 37]],
  ['1', '33+', 'v1.33.1-gke.100', [1, 33]],
  ['', '', 'v1.29.6+k3s1', [1, 29]],
] as const) {
  test(`${gitVersion} is read from ${JSON.stringify(`${major}.${minor}`)}`, () => {
    const version = versionOf(answer(200, { major, minor, gitVersion }));
    assert.deepEqual([version?.major, version?.minor, version?.gitVersion], [...expected, gitVersion]);
  });
}

test('identity: a response without a version is undefined', () => {
  assert.equal(versionOf(answer(200, { major: 'x', minor: 'y', gitVersion: 'z' })), undefined);
  assert.equal(versionOf(answer(403, {})), undefined);
});
