import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { resourceParts } from '../../../../src/kube/api/request-info.ts';
import type { ResourceType } from '../../../../src/kube/api/resource-type.ts';
import {
  createRequest,
  deleteRequest,
  isDryRun,
  patchRequest,
  replaceRequest,
  withResourceVersion,
  type WrittenTarget,
} from '../../../../src/kube/api/write-request.ts';

const type: ResourceType = {
  group: '',
  version: 'v1',
  resource: 'configmaps',
  kind: 'ConfigMap',
  singular: 'configmap',
  namespaced: true,
  shortNames: [],
  categories: [],
  verbs: [],
};
const target: WrittenTarget = { type, namespace: 'shop', name: 'web', object: { metadata: { name: 'web' } } };
const options = { dryRun: false, fieldManager: 'm', fieldValidation: 'Strict' } as const;

suite('a name or a namespace leaves its place in the path', () => {
  for (const name of ['', '.', '..', '../../../../nodes/a', 'a/b', 'a%2fb', 'a\0b']) {
    test(JSON.stringify(name), () => {
      const error = { reason: 'InvalidName', exitCode: 2 };
      assert.throws(() => replaceRequest({ ...target, name }, options), error);
      assert.throws(() => deleteRequest({ ...target, name }, { dryRun: false, cascade: 'background' }), error);
      assert.throws(() => createRequest({ ...target, namespace: name }, options), error);
      assert.throws(
        () =>
          patchRequest(target, Buffer.from('{}'), {
            ...options,
            type: 'merge',
            subresource: name,
            forceConflicts: false,
          }),
        error,
      );
    });
  }
});

test('an object is created where its kind is, whatever it is called', () => {
  const request = createRequest(
    { ...target, name: '../../../x', object: { metadata: { name: '../../../x' } } },
    options,
  );
  assert.equal(request.path, '/api/v1/namespaces/shop/configmaps');
  assert.equal(request.name, null);
});

test('a dry run is one by its query or, for a deletion, by its body', () => {
  assert.equal(isDryRun(createRequest(target, options)), false);
  assert.equal(isDryRun(createRequest(target, { ...options, dryRun: true })), true);
  assert.equal(isDryRun(deleteRequest(target, { dryRun: false, cascade: 'background' })), false);
  assert.equal(isDryRun(deleteRequest(target, { dryRun: true, cascade: 'background' })), true);
});

test('a resourceVersion is put into a copy', () => {
  const object = { kind: 'A', metadata: { name: 'web', resourceVersion: '1' } };
  assert.deepEqual(withResourceVersion(object, '2'), { kind: 'A', metadata: { name: 'web', resourceVersion: '2' } });
  assert.deepEqual(withResourceVersion(object, undefined), { kind: 'A', metadata: { name: 'web' } });
  assert.equal(object.metadata.resourceVersion, '1');
});

suite('a path is about', () => {
  for (const [path, expected] of [
    ['/api/v1/pods', ['', 'v1', 'pods', null, null, null]],
    ['/api/v1/namespaces/shop/pods/web', ['', 'v1', 'pods', null, 'shop', 'web']],
    ['/api/v1/namespaces/shop/pods/web/status', ['', 'v1', 'pods', 'status', 'shop', 'web']],
    ['/apis/apps/v1/namespaces/shop/deployments/', ['apps', 'v1', 'deployments', null, 'shop', null]],
    ['/api/v1/namespaces', ['', 'v1', 'namespaces', null, null, null]],
    ['/api/v1/namespaces/shop', ['', 'v1', 'namespaces', null, null, 'shop']],
    ['/api/v1/namespaces/shop/finalize', ['', 'v1', 'namespaces', 'finalize', null, 'shop']],
    ['/api/v1/namespaces/shop/pods/a%3Ab', ['', 'v1', 'pods', null, 'shop', 'a:b']],
    ['/api/v1/namespaces/shop/pods/%', ['', 'v1', 'pods', null, 'shop', '%']],
    ['/api', [null, null, null, null, null, null]],
    ['/api/v1', [null, null, null, null, null, null]],
    ['/apis/apps/v1', [null, null, null, null, null, null]],
    ['/readyz/ping/x', [null, null, null, null, null, null]],
    ['/api/v1/watch/pods', [null, null, null, null, null, null]],
  ] as const) {
    test(path, () => {
      const { group, version, resource, subresource, namespace, name } = resourceParts(path);
      assert.deepEqual([group, version, resource, subresource, namespace, name], expected);
    });
  }
});

test('an apply patch owns fields, and takes them over with --force-conflicts', () => {
  const apply = { ...options, type: 'apply' } as const;
  const patch = Buffer.from('{"apiVersion":"v1","kind":"ConfigMap"}');
  const request = patchRequest(target, patch, { ...apply, forceConflicts: false });
  assert.equal(request.headers['content-type'], 'application/apply-patch+yaml');
  assert.deepEqual(
    request.query.map(([name]) => name),
    ['fieldManager', 'fieldValidation'],
  );
  const forced = patchRequest(target, patch, { ...apply, forceConflicts: true });
  assert.deepEqual(forced.query.at(-1), ['force', 'true']);
});
