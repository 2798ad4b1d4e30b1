import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isAdmitted,
  rulesMatch,
  type AdmittedRequest,
  type WebhookRule,
} from '../../../../src/kube/api/webhook-rules.ts';

const rule: WebhookRule = {
  groups: [''],
  versions: ['v1'],
  resources: ['pods'],
  operations: ['CREATE'],
  scope: '*',
};
const request: AdmittedRequest = {
  method: 'POST',
  status: 201,
  group: '',
  version: 'v1',
  resource: 'pods',
  subresource: null,
  namespace: 'shop',
};
const matches = (
  over: Partial<WebhookRule>,
  about: Partial<AdmittedRequest> = {},
  matchPolicy: 'Exact' | 'Equivalent' = 'Exact',
): boolean => rulesMatch({ rules: [{ ...rule, ...over }], matchPolicy }, { ...request, ...about });

test('a rule is for its groups, versions and resources', () => {
  assert.equal(matches({}), true);
  assert.equal(matches({ groups: ['apps'] }), false);
  assert.equal(matches({ groups: ['*'] }), true);
  assert.equal(matches({ versions: ['v2'] }), false);
  assert.equal(matches({ versions: ['*'] }), true);
  assert.equal(matches({ resources: ['services'] }), false);
  assert.equal(rulesMatch({ rules: [], matchPolicy: 'Equivalent' }, request), false);
});

for (const [pattern, ofObject, ofStatus] of [
  ['pods', true, false],
  ['*', true, false],
  ['pods/*', true, true],
  ['*/*', true, true],
  ['pods/status', false, true],
  ['*/status', false, true],
  ['*/scale', false, false],
] as const) {
  test(`"${pattern}" of pods and of their status`, () => {
    assert.equal(matches({ resources: [pattern] }), ofObject);
    assert.equal(matches({ resources: [pattern] }, { subresource: 'status' }), ofStatus);
  });
}

for (const [method, status, operation, expected] of [
  ['POST', 201, 'CREATE', true],
  ['POST', 409, 'CREATE', true],
  ['POST', 201, 'UPDATE', false],
  ['POST', 201, 'CONNECT', false],
  ['PUT', 200, 'UPDATE', true],
  ['PUT', 200, 'CREATE', false],
  ['PATCH', 201, 'CREATE', true],
  ['PATCH', 201, 'UPDATE', false],
  ['PATCH', 403, 'CREATE', true],
  ['PATCH', 403, 'UPDATE', true],
  ['DELETE', 200, 'DELETE', true],
  ['DELETE', 200, '*', true],
  ['DELETE', 200, 'UPDATE', false],
] as const) {
  test(`${method} with status ${status} is ${expected ? '' : 'no '}${operation}`, () => {
    assert.equal(matches({ operations: [operation] }, { method, status }), expected);
  });
}

test('a scope is that of the request, and a namespace belongs to the cluster', () => {
  const node = { resource: 'nodes', namespace: null };
  assert.equal(matches({ scope: 'Namespaced' }), true);
  assert.equal(matches({ scope: 'Cluster' }), false);
  assert.equal(matches({ scope: 'Namespaced', resources: ['*'] }, node), false);
  assert.equal(matches({ scope: 'Cluster', resources: ['*'] }, node), true);
  assert.equal(matches({ scope: 'Cluster', resources: ['*'] }, { resource: 'namespaces', namespace: 'shop' }), true);
  assert.equal(matches({ scope: 'Namespaced', resources: ['*'] }, { resource: 'namespaces', namespace: null }), false);
});

test('equivalent: another version of the type, and both groups of events', () => {
  assert.equal(matches({ versions: ['v1beta1'] }, {}, 'Equivalent'), true);
  const events = { groups: ['events.k8s.io'], resources: ['events'] };
  assert.equal(matches(events, { resource: 'events' }, 'Exact'), false);
  assert.equal(matches(events, { resource: 'events' }, 'Equivalent'), true);
  assert.equal(matches({ groups: ['apps'] }, {}, 'Equivalent'), false);
});

test('webhook configurations and policies are exempt, their group is not', () => {
  const all = { groups: ['*'], versions: ['*'], resources: ['*/*'], operations: ['*'] };
  const group = 'admissionregistration.k8s.io';
  for (const resource of ['mutatingwebhookconfigurations', 'validatingadmissionpolicies']) {
    assert.equal(matches(all, { group, resource, namespace: null }), false, resource);
  }
  assert.equal(matches(all, { group: 'apps', resource: 'deployments' }), true);
});

test('what is about no resource is not admitted', () => {
  assert.equal(matches({ resources: ['*/*'] }, { group: null, resource: null }), false);
});

test('a connection is admitted as such, whichever method opens it', () => {
  const exec: Partial<WebhookRule> = { resources: ['pods/exec'], operations: ['CONNECT'] };
  for (const method of ['GET', 'POST']) {
    const connection = { method, status: 101, subresource: 'exec' };
    assert.equal(matches(exec, connection), true);
    assert.equal(matches({ ...exec, operations: ['CREATE'] }, connection), false);
    assert.equal(isAdmitted(connection), true);
  }
  assert.equal(matches(exec, { method: 'GET', subresource: 'log' }), false);
  assert.deepEqual(
    [
      { method: 'GET', subresource: 'log' },
      { method: 'GET', subresource: null },
      { method: 'PUT', subresource: null },
    ].map(isAdmitted),
    [false, false, true],
  );
});
