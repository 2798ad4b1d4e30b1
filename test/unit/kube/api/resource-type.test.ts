import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findResourceType, type ResourceType } from '../../../../src/kube/api/resource-type.ts';

function type(group: string, version: string, resource: string, kind: string, shortNames: string[] = []): ResourceType {
  const singular = kind.toLowerCase();
  return { group, version, resource, kind, singular, namespaced: true, shortNames, categories: [], verbs: [] };
}

const types = [
  type('', 'v1', 'events', 'Event', ['ev']),
  type('', 'v1', 'services', 'Service', ['svc']),
  type('apps', 'v1', 'deployments', 'Deployment', ['deploy']),
  type('apps', 'v1beta1', 'deployments', 'Deployment', ['deploy']),
  type('events.k8s.io', 'v1', 'events', 'Event', ['ev']),
  type('networking.k8s.io', 'v1', 'ingresses', 'Ingress', ['ing']),
  type('serving.knative.dev', 'v1', 'services', 'Service', ['ksvc', 'deployments']),
  type('example.com', 'v1', 'widgets', 'Deployment'),
  type('v1.example.com', 'v2', 'gadgets', 'Gadget'),
];

for (const [typed, expected] of [
  ['events', ' v1 events'],
  ['event', ' v1 events'],
  ['Event', ' v1 events'],
  ['ev', ' v1 events'],
  ['events.events.k8s.io', 'events.k8s.io v1 events'],
  ['ev.events.k8s.io', 'events.k8s.io v1 events'],
  ['deploy', 'apps v1 deployments'],
  ['deployments.apps', 'apps v1 deployments'],
  ['deployments.v1beta1.apps', 'apps v1beta1 deployments'],
  ['Deployment.v1beta1.apps', 'apps v1beta1 deployments'],
  ['services.v1.', ' v1 services'],
  ['ing.networking', 'networking.k8s.io v1 ingresses'],
  ['ksvc', 'serving.knative.dev v1 services'],
  ['gadgets.v1.example.com', 'v1.example.com v2 gadgets'],
] as const) {
  test(`${typed} is ${expected.trim()}`, () => {
    const found = findResourceType(typed, types);
    assert.equal(found && `${found.group} ${found.version} ${found.resource}`, expected);
  });
}

test('a full name is taken before the same short name of another type', () => {
  assert.equal(findResourceType('deployments', types)?.group, 'apps');
});

for (const typed of [
  'nodez',
  'DEPLOY',
  'deployments.v2.apps',
  'deployments.v1.app',
  'ingresses.etworking',
  '',
  '.apps',
]) {
  test(`${JSON.stringify(typed)} is no type`, () => assert.equal(findResourceType(typed, types), undefined));
}
