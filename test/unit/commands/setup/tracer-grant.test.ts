import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { suite, test } from 'node:test';
import { certificateRequest } from '../../../../src/commands/setup/certificate-request.ts';
import { grantName, grantRules, isMachine, tracerName } from '../../../../src/commands/setup/tracer-grant.ts';

const identity = (username: string) => ({
  username,
  groups: ['sre', 'system:authenticated'],
  uid: '42',
  extra: { 'example.org/team': ['a', 'b'], 'authentication.kubernetes.io/credential-id': ['X'] },
});

suite('the grant of a tracer', () => {
  test('names its user, groups, UID and extras, and no credential', () => {
    const rules = grantRules(identity('alice'), 'impersonate');
    assert.deepEqual(rules, [
      { apiGroups: [''], resources: ['users'], resourceNames: ['alice'], verbs: ['impersonate'] },
      {
        apiGroups: [''],
        resources: ['groups'],
        resourceNames: ['sre', 'system:authenticated'],
        verbs: ['impersonate'],
      },
      { apiGroups: ['authentication.k8s.io'], resources: ['uids'], resourceNames: ['42'], verbs: ['impersonate'] },
      {
        apiGroups: ['authentication.k8s.io'],
        resources: ['userextras/example.org/team'],
        resourceNames: ['a', 'b'],
        verbs: ['impersonate'],
      },
    ]);
  });

  test('never has a rule without names that lets it act as a user', () => {
    for (const form of ['constrained', 'impersonate'] as const) {
      const acting = grantRules(identity('alice'), form).filter(({ verbs }) =>
        verbs.some((verb) => verb === 'impersonate' || verb.startsWith('impersonate:')),
      );
      assert.ok(acting.every(({ resourceNames = [] }) => resourceNames.length > 0));
    }
  });

  test('has a name that every cluster object may have, another one for each user', () => {
    const names = ['alice', 'Alice', 'alice@example.org', 'a'.repeat(300), 'ünï'].map((name) =>
      grantName(identity(name)),
    );
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^[a-z0-9-]{1,63}$/);
    assert.equal(tracerName(identity('alice@example.org')), 'kubectl-trace:alice@example.org');
  });

  test('is not for service accounts and nodes', () => {
    assert.deepEqual(
      ['alice', 'system:serviceaccount:a:b', 'system:node:one', 'system:admin'].map((name) =>
        isMachine(identity(name)),
      ),
      [false, true, true, false],
    );
  });
});

test('a certificate request has a key of its own each time', () => {
  const one = certificateRequest('kubectl-trace:alice', ['system:monitoring']);
  const other = certificateRequest('kubectl-trace:alice', ['system:monitoring']);
  assert.notEqual(one.key, other.key);
  assert.match(one.request, /^-----BEGIN CERTIFICATE REQUEST-----\n[\w+/=\n]+-----END CERTIFICATE REQUEST-----\n$/);
  // It is not a certificate: no authority has signed it.
  assert.throws(() => new X509Certificate(one.request));
});
