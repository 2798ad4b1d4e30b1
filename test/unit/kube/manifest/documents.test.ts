import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readManifests } from '../../../../src/kube/manifest/documents.ts';

const read = async (text: string): Promise<string[]> =>
  (await readManifests(text, 'f.yaml')).map(
    ({ group, version, kind, namespace, name }) => `${group}/${version} ${kind} ${namespace}/${name}`,
  );
const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\n`;

suite('the objects of a text', () => {
  test('several documents, empty ones left out', async () => {
    assert.deepEqual(await read(`---\n# none\n---\n${pod('a')}---\n---\n${pod('b')}---\n`), [
      '/v1 Pod /a',
      '/v1 Pod /b',
    ]);
    assert.deepEqual(await read(''), []);
    assert.deepEqual(await read('# only a comment\n'), []);
  });

  test('a group, a version and a namespace', async () => {
    const text = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n';
    assert.deepEqual(await read(text), ['apps/v1 Deployment shop/web']);
  });

  test('JSON, one or several behind each other, and YAML that begins like it', async () => {
    const json = (name: string): string => `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"${name}"}}`;
    assert.deepEqual(await read(json('a')), ['/v1 Pod /a']);
    assert.deepEqual(await read(`${json('a')}\n${json('b}{')}`), ['/v1 Pod /a', '/v1 Pod /b}{']);
    assert.deepEqual(await read(`${json('a')}\n---\n${pod('b')}`), ['/v1 Pod /a', '/v1 Pod /b']);
    assert.deepEqual(await read('{apiVersion: v1, kind: Pod, metadata: {name: a}}'), ['/v1 Pod /a']);
  });

  test('the items of lists, and of lists in lists', async () => {
    const item = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } };
    const list = (items: unknown[]): object => ({ apiVersion: 'v1', kind: 'List', items });
    assert.deepEqual(await read(JSON.stringify(list([item, list([item])]))), ['/v1 Pod /a', '/v1 Pod /a']);
    const typed = 'apiVersion: apps/v1\nkind: DeploymentList\nitems: [{metadata: {name: a}}]\n';
    assert.deepEqual(await read(typed), ['apps/v1 Deployment /a']);
    assert.deepEqual(await read('apiVersion: v1\nkind: List\nitems: []\n'), []);
  });
});

suite('what is refused, without a word of what it holds', () => {
  for (const [text, message] of [
    ['a: 1\nb: [secret\nc: 2\n', /^error parsing f\.yaml: line \d+: /],
    ['a:\n\t- secret\n', /^error parsing f\.yaml: line 2: /],
    ['{"secret": 1', /^error parsing f\.yaml: line \d+: /],
    ['{"a": "secret"} {"b"', /^error parsing f\.yaml: /],
    ['kind: Pod\nsecret: 1\n', /^error validating "f\.yaml": apiVersion not set$/],
    ['secret: 1\n', /^error validating "f\.yaml": apiVersion not set, kind not set$/],
    ['secret\n', /a document is not an object$/],
    ['- secret\n', /a document is not an object$/],
    ['apiVersion: v1\nkind: List\nitems: [secret]\n', /an item of a List is not an object$/],
    ['apiVersion: v1\nkind: Pod\nmetadata: [secret]\n', /metadata is not an object$/],
    ['apiVersion: v1\nkind: Pod\nmetadata: {name: 12}\n', /metadata\.name is not a string$/],
    ['? {secret: 1}\n: 2\n', /a key must be a text, a number or a boolean/],
    ['a: !secret 1\n', /^error validating "f\.yaml": apiVersion not set, kind not set$/],
    ['a: *secret\n', /^error parsing f\.yaml: line 1: /],
    ['['.repeat(200_000), /^error parsing f\.yaml: /],
  ] as const) {
    test(JSON.stringify(text.slice(0, 60)), async () => {
      await assert.rejects(readManifests(text, 'f.yaml'), (error: Error & { exitCode: number; hint: string }) => {
        assert.match(error.message, message);
        assert.equal(error.exitCode, 2);
        return true;
      });
    });
  }
});
