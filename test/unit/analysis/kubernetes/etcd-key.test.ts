import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { etcdKeyWords, readEtcdKey } from '../../../../src/analysis/kubernetes/etcd-key.ts';

const words = (key: string, isRelative = false): string | undefined => {
  const read = readEtcdKey(key, isRelative);
  return read && etcdKeyWords(read);
};

/** Keys of recorded traces, and of kinds whose key has another word than their resource. */
const KEYS: readonly (readonly [key: string, is: string])[] = [
  ['/registry/configmaps/record/admin-update', 'configmaps admin-update in record'],
  ['/registry/namespaces/default', 'namespaces default'],
  ['/registry/minions/', 'all nodes'],
  ['/registry/minions', 'all nodes'],
  ['/registry/minions/lab1', 'nodes lab1'],
  ['/registry/services/specs/default/web', 'services web in default'],
  ['/registry/services/endpoints/default/web', 'endpoints web in default'],
  ['/registry/pods/default/', 'all pods in default'],
  [
    '/registry/apiextensions.k8s.io/customresourcedefinitions/widgets.example.com',
    'customresourcedefinitions.apiextensions.k8s.io widgets.example.com',
  ],
  ['/registry/example.com/widgets/default/one', 'widgets.example.com one in default'],
  ['/registry/example.com/widgets/', 'all widgets.example.com'],
  ['/kubernetes.io/secrets/default/token', 'secrets token in default'],
];

suite('a key of etcd', () => {
  for (const [key, is] of KEYS) test(key, () => assert.equal(words(key), is));

  test("without the prefix, as in the API server's own spans", () => {
    assert.equal(words('/minions', true), 'all nodes');
    assert.equal(words('/configmaps/record/admin-conflict', true), 'configmaps admin-conflict in record');
  });

  test('of another shape says nothing', () => {
    for (const key of ['', '/', '/registry', 'compact_rev_key', '/registry/', '/registry/<script>/x'])
      assert.equal(words(key), undefined, key);
  });
});
