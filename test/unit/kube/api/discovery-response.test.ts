import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readAggregated, readGroups, readResourceList } from '../../../../src/kube/api/discovery-response.ts';

test('aggregated discovery: the response has every version of every group, without subresources', () => {
  const types =
    readAggregated({
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2beta1',
      items: [
        {
          metadata: { name: 'autoscaling', creationTimestamp: null },
          versions: ['v2', 'v1'].map((version) => ({
            version,
            freshness: 'Current',
            resources: [
              {
                resource: 'horizontalpodautoscalers',
                responseKind: { group: 'autoscaling', version, kind: 'HorizontalPodAutoscaler' },
                scope: 'Namespaced',
                singularResource: 'horizontalpodautoscaler',
                shortNames: ['hpa'],
                categories: ['all'],
                verbs: ['get'],
                subresources: [{ subresource: 'status' }],
              },
            ],
          })),
        },
      ],
    })?.types ?? [];
  assert.deepEqual(
    types.map(({ group, version, resource }) => `${group}/${version} ${resource}`),
    ['autoscaling/v2 horizontalpodautoscalers', 'autoscaling/v1 horizontalpodautoscalers'],
  );
  assert.deepEqual(types[0], {
    group: 'autoscaling',
    version: 'v2',
    resource: 'horizontalpodautoscalers',
    kind: 'HorizontalPodAutoscaler',
    singular: 'horizontalpodautoscaler',
    namespaced: true,
    shortNames: ['hpa'],
    categories: ['all'],
    verbs: ['get'],
  });
});

test('a group version that is stale is left out, and named', () => {
  const versions = [
    { version: 'v1', freshness: 'Stale', resources: [{ resource: 'podmetrics' }] },
    { version: 'v1beta1', freshness: 'Current', resources: null },
  ];
  const items = [{ metadata: { name: 'metrics.k8s.io' }, versions }];
  assert.deepEqual(readAggregated({ kind: 'APIGroupDiscoveryList', items }), {
    types: [],
    stale: ['metrics.k8s.io/v1'],
  });
});

test('discovery of older servers: the responses name the group versions, preferred ones first', () => {
  assert.equal(readAggregated({ kind: 'APIVersions', versions: ['v1'] }), undefined);
  assert.deepEqual(readGroups({ kind: 'APIVersions', versions: ['v1'] }), ['/api/v1']);
  const version = (name: string) => ({ groupVersion: `apps/${name}`, version: name });
  const group = { name: 'apps', versions: [version('v1beta1'), version('v1')], preferredVersion: version('v1') };
  assert.deepEqual(readGroups({ kind: 'APIGroupList', groups: [group] }), ['/apis/apps/v1', '/apis/apps/v1beta1']);
});

test('a resource list is read without subresources, and a missing singular is guessed', () => {
  const list = {
    groupVersion: 'apps/v1',
    resources: [
      { name: 'deployments', kind: 'Deployment', namespaced: true, singularName: '', verbs: ['get'] },
      { name: 'deployments/scale', kind: 'Scale', namespaced: true },
    ],
  };
  const [first, ...rest] = readResourceList(list);
  assert.deepEqual(
    [first?.group, first?.version, first?.resource, first?.singular],
    ['apps', 'v1', 'deployments', 'deployment'],
  );
  assert.deepEqual(rest, []);
  assert.deepEqual(
    readResourceList({ groupVersion: 'v1', resources: [{ name: 'nodes', kind: 'Node' }] }).map((type) => [
      type.group,
      type.version,
    ]),
    [['', 'v1']],
  );
});

test('discovery: no response, however wrong, makes a decoder throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const kinds = ['APIGroupDiscoveryList', 'APIVersions', 'APIGroupList'];
      for (const kind of kinds) {
        const document = { kind, items: value, groups: value, versions: value, resources: value };
        assert.ok((readAggregated(document)?.types ?? []).length >= 0);
        assert.ok(readGroups(document).length >= 0);
        assert.ok(readResourceList(document).length >= 0);
      }
      assert.equal(readAggregated(value), undefined);
    }),
  );
});
