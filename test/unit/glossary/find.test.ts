import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findEntries, nearestEntries } from '../../../src/glossary/find.ts';

const found = (typed: string): string[] => findEntries(typed).map(({ entry }) => entry.name);

suite('a row is found', () => {
  const cases: readonly (readonly [typed: string, ...names: string[]])[] = [
    ['etcdserverpb.KV/Range', 'etcdserverpb.KV/Range'],
    ['KV/Range, to etcd and back', 'etcdserverpb.KV/Range'],
    ['cacher.GetList', 'cacher.GetList'],
    ['CACHER.getlist', 'cacher.GetList'],
    ['cacher.GetList (3.10 ms wait for cache)', 'cacher.GetList'],
    ['  Call   validating webhook ', 'Call validating webhook'],
    ['check.policy.example.com, validating', 'Call validating webhook'],
    ['priorityandfairness', 'priorityandfairness'],
    ['queue', 'priorityandfairness'],
    ['queue of priority level global-default', 'queue of priority level LEVEL'],
    ['PullImage', 'runtime.v1.ImageService/PullImage'],
    ['pullimage', 'runtime.v1.ImageService/PullImage'],
    ['kubelet  syncPod > PullImage registry.test/lab:1', 'runtime.v1.ImageService/PullImage'],
    ['apiserver  POST /api/v1/namespaces/shop/pods 409 ✗', 'METHOD /PATH'],
    ['▲ slow.example.com, mutating', 'Call mutating webhook'],
    ['etcd range /registry/pods/shop/web', 'range'],
    ['GuaranteedUpdate etcd3 (2 conflicts)', 'GuaranteedUpdate etcd3'],
    ['authentication, filters, storage, encode, write (inferred)', 'storage, encode, write'],
    ['network, server (inferred: its span is not in)', 'network, authentication'],
    [
      "read the API server's metrics, before the request (refused)",
      "read the API server's metrics, before the request",
    ],
    ['… 3 fast steps', '… N fast steps'],
    ['412 GETs, 380 identical: /api/v1/nodes/{:name} 2–9 ms, Σ 1 s', 'N METHODs'],
    ['kubectl describe ns default', 'kubectl trace COMMAND'],
    ['Create', 'Create'],
    ['Create pods', 'Create'],
    ['Create etcd3', 'Create etcd3'],
    ['Get', 'Get'],
    ['GET', 'METHOD /PATH'],
    ['get', 'METHOD /PATH', 'Get'],
    ['toString'],
    ['nothing like it'],
    [''],
  ];
  for (const [typed, ...names] of cases) {
    test(`"${typed}": ${names.join(', ') || 'no entry'}`, () => assert.deepEqual(found(typed), names));
  }

  test('also in a name of a megabyte, at once', () => {
    assert.deepEqual(found(`GET /${'a, '.repeat(350_000)}`), ['METHOD /PATH']);
    assert.deepEqual(found(`x ${'(inferred '.repeat(100_000)}`), []);
  });
});

suite('for an unknown row', () => {
  test('the nearest name is offered', () => {
    assert.deepEqual(nearestEntries('chacher.GetList'), ['cacher.GetList']);
    assert.deepEqual(nearestEntries('priorityandfairnes'), ['priorityandfairness']);
    assert.deepEqual(nearestEntries('PulImage'), ['PullImage']);
  });

  test('otherwise the names that have the word are offered, five at most', () => {
    const offered = nearestEntries('webhook');
    assert.equal(offered.length, 5);
    assert.ok(offered.includes('Call mutating webhook'));
  });

  test('a word of two letters is one, not a part of another', () => {
    assert.ok(nearestEntries('KV').includes('etcdserverpb.KV/Txn'));
    assert.deepEqual(nearestEntries('zq'), []);
    assert.deepEqual(nearestEntries('ea'), []);
  });

  test('otherwise the names whose summaries have the word are offered', () => {
    assert.deepEqual(nearestEntries('konnectivity'), ['Proxy via PROTOCOL protocol over TRANSPORT']);
  });

  test('nothing is offered for what is like nothing', () => assert.deepEqual(nearestEntries('zzzzzzzz'), []));

  test('every offered name is found', () => {
    for (const typed of ['webhook', 'cache', 'etcd3', 'sandbox', 'Range1', 'network2']) {
      for (const name of nearestEntries(typed)) assert.equal(found(name).length, 1, name);
    }
  });
});
