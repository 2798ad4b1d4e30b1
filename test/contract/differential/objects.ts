import assert from 'node:assert/strict';
import type { TestCluster } from '../../lab/cluster/cluster.ts';
import { untilDiscovered } from '../../support/extension-server.ts';

/** Texts, numbers and keys that are hard to write in YAML. */
const ODD: Readonly<Record<string, unknown>> = {
  texts: [
    'yes No on y null ~ true << = .inf .5 . - -a ?a 0x1f 0o17 017 08 0b11 1_000 1e3 1e999 +12 -0'.split(' '),
    '99999999999999999999 0xfffffffffffffffff 2020-01-01 2020-1-2 2020-13-01 2020-02-30 1:30 1:90'.split(' '),
    '2020-01-01T00:00:00Z|2020-01-01 1:2:3|- a|? a|a: b|a:b|a :b|a #b|a#b|#a|--- a|---'.split('|'),
    "@a `a %a &a *a !a | > 'a' \"a\" {a} [a] it's a\\b".split(' '),
    ['', ' ', 'tab\there', '\ttab', 'bell\u0007', '\u00a0', 'é', '漢字', '😀'],
    [
      'one\ntwo',
      'one\ntwo\n',
      'one\n\n',
      '\n',
      '\none',
      ' one\ntwo',
      'one \ntwo',
      'one\n two',
      'one\ntwo ',
      'a\r\nb',
      'a\tb\nc',
    ],
    [
      'a long text that goes on and on until it is longer than eighty columns, and then it goes on  a bit more, as texts do',
      'a long text in quotes: it goes on and on until it is longer than eighty columns, and then it goes on a bit more: yes',
      'a long text with "quotes" and a bell \u0007 that goes on and on until it is longer than eighty columns  and then a bit more',
      `${'x'.repeat(100)} ${'y'.repeat(30)} z`,
    ],
  ].flat(),
  numbers: [0, -1, 1.5, 0.00001, 123456789.5, 1e21, 1e-7, 9007199254740993n, 3000000, 0.1, 100, -2.5e10],
  keys: {
    a1: 1,
    a10: 2,
    a2: 3,
    a02: 4,
    B: 5,
    b: 6,
    '1': 7,
    yes: 8,
    'a-b': 9,
    a_b: 10,
    'a.b': 11,
    ab: 12,
    é: 13,
    ' ': 14,
    'a: b': 15,
  },
  long: {
    [`k${'e'.repeat(130)}y`]: { a: [1, { b: [] }] },
    [`k${'e'.repeat(131)}y`]: [1, 2],
    [`k${'e'.repeat(132)}y`]: 'text',
  },
  nested: [[1, [2, []]], [], {}, [{}], [{ a: 1, b: [3] }], { c: null, d: true, e: [[{ f: 'g' }]] }],
};

const CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.shop.test' },
  spec: {
    group: 'shop.test',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd'], categories: ['all', 'shop'] },
    versions: ['v1', 'v1alpha1'].map((name) => ({
      name,
      served: true,
      storage: name === 'v1',
      deprecated: name !== 'v1',
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: {
            spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          },
        },
      },
      subresources: {
        status: {},
        scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
      },
      additionalPrinterColumns: [
        { name: 'Size', type: 'number', jsonPath: '.spec.size' },
        { name: 'Note', type: 'string', jsonPath: '.spec.note' },
        { name: 'Ready', type: 'boolean', jsonPath: '.spec.ready' },
        { name: 'Since', type: 'date', jsonPath: '.metadata.creationTimestamp', priority: 1 },
      ],
    })),
  },
};

/** Objects that the cases read: the tests' own type with odd objects, and objects that no case changes. */
export async function createObjects(cluster: TestCluster): Promise<void> {
  const create = async (path: string, body: unknown): Promise<void> => {
    const { status, body: answer } = await cluster.call('POST', path, { body });
    assert.equal(status, 201, answer);
  };
  await create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', CRD);
  const configMaps = '/api/v1/namespaces/default/configmaps';
  const labels = { fixed: 'yes' };
  await create(configMaps, { metadata: { name: 'fixed', labels }, data: { a: '1' } });
  await create(configMaps, {
    metadata: { name: 'odd', labels, annotations: { note: 'one\ntwo: "three"' } },
    data: { 'a.txt': '<b>&\u2028</b>', b10: 'x', b9: 'y' },
    binaryData: { bin: 'AAEC' },
  });
  await untilDiscovered(cluster, 'widgets');
  const widgets = '/apis/shop.test/v1/namespaces/default/widgets';
  const { numbers, ...rest } = ODD;
  await untilServed(cluster, widgets);
  await create(widgets, widget('big', { size: 123456789.5, note: 'first\nsecond', ready: true, replicas: 3, ...rest }));
  await create(
    widgets,
    widget('small', { size: 2, note: 'wide: 漢字 \u001b[31m', ready: false, numbers: plain(numbers) }),
  );
}

const widget = (name: string, spec: unknown): unknown => ({
  apiVersion: 'shop.test/v1',
  kind: 'Widget',
  metadata: { name },
  spec,
});

/** JSON has no bigint here: it is sent as the nearest number. */
const plain = (numbers: unknown): unknown =>
  Array.isArray(numbers) ? numbers.map((each: unknown) => (typeof each === 'bigint' ? Number(each) : each)) : numbers;

async function untilServed(cluster: TestCluster, path: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if ((await cluster.call('GET', path)).status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the API server does not serve ${path}`);
}
