import assert from 'node:assert/strict';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { folderOf } from '../../kube/folder.ts';
import { completed, type Completed } from './world.ts';

const KUBECONFIG = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'staging',
  clusters: [
    { name: 'one', cluster: { server: 'https://one.example:6443/k8s/c-1' } },
    { name: 'two', cluster: { server: 'https://two.example' } },
  ],
  users: [{ name: 'jane', user: { token: 'secret' } }],
  contexts: [
    { name: 'staging', context: { cluster: 'one', user: 'jane' } },
    { name: 'production', context: { cluster: 'two', user: 'jane' } },
  ],
});

const group = (name: string, ...versions: readonly string[]): object => ({
  name,
  versions: versions.map((version) => ({ groupVersion: version })),
  preferredVersion: { groupVersion: versions[0] },
});
const resources = (...names: readonly string[]): string =>
  JSON.stringify({
    resources: names.map((name) => ({ name, verbs: name === 'bindings' ? ['create'] : ['get', 'list'] })),
  });
const STORED = 'cache/discovery/one.example_6443/k8s/c_1';
const FILES = {
  kubeconfig: KUBECONFIG,
  [`${STORED}/servergroups.json`]: JSON.stringify({
    groups: [group('', 'v1'), group('batch', 'batch/v1'), group('apps', 'apps/v1', 'apps/v1beta1')],
  }),
  [`${STORED}/v1/serverresources.json`]: resources('pods', 'pods/log', 'bindings', 'configmaps'),
  [`${STORED}/batch/v1/serverresources.json`]: resources('jobs'),
  [`${STORED}/apps/v1/serverresources.json`]: resources('deployments'),
  [`${STORED}/apps/v1beta1/serverresources.json`]: resources('deployments', 'scales'),
};
const ALL = ['configmaps', 'pods', 'deployments.apps', 'scales.apps', 'jobs.batch'];

/** kubectl says `other` where it is run. */
async function complete(
  context: TestContext,
  line: string,
  files: object = FILES,
  now = Date.now(),
): Promise<Completed> {
  const folder = await folderOf(context, files as Record<string, string>);
  const env = { KUBECONFIG: join(folder, 'kubeconfig'), KUBECACHEDIR: join(folder, 'cache') };
  return completed(line.replace('FOLDER', folder), { env, now: BigInt(now) * 1_000_000n, kubectl: 'other\n:4\n' });
}

suite('from the kubeconfig and from stored types, without kubectl, are completed', () => {
  const cases: readonly (readonly [line: string, values: readonly string[]])[] = [
    ['get --context ', ['staging', 'production']],
    ['get --context=s', ['staging']],
    ['describe --context p', ['production']],
    ['--cluster ', ['one', 'two']],
    ['get --user ', ['jane']],
    ['get --tracer-user ', ['jane']],
    ['get ', ALL],
    ['get de', ['deployments.apps']],
    ['get --context staging -o json ', ALL],
    ['--context production --cluster one describe ', ALL],
    ['--server https://one.example:6443/k8s/c-1 delete ', ALL],
    ['edit --cache-dir FOLDER/cache p', ['pods']],
    ['run -- kubectl label p', ['pods']],
  ];
  for (const [line, values] of cases) {
    test(JSON.stringify(line), async (context) => {
      const found = await complete(context, line);
      assert.deepEqual([found.values, found.directive, found.asked], [values, 4, []]);
    });
  }
});

suite('kubectl completes', () => {
  const without = (name: string): object => Object.fromEntries(Object.entries(FILES).filter(([file]) => file !== name));
  const cases: readonly (readonly [what: string, line: string, files?: object])[] = [
    ['for names', 'get pods '],
    ['for names of a type', 'get pods/'],
    ['for several types', 'get pods,'],
    ['for namespaces', 'get -n '],
    ['by a command with other words', 'scale '],
    ['for a server without stored types', 'get --context production '],
    ['for a context that does not exist', 'get --context none '],
    ['without a kubeconfig', 'get --context ', without('kubeconfig')],
    ['where the kubeconfig cannot be read', 'get --context ', { ...FILES, kubeconfig: 'clusters: 1' }],
    ['where a group is missing', 'get ', without(`${STORED}/batch/v1/serverresources.json`)],
    ['where a file is not as kubectl writes it', 'get ', { ...FILES, [`${STORED}/v1/serverresources.json`]: '[]' }],
    [
      'where a version leads elsewhere',
      'get ',
      { ...FILES, [`${STORED}/servergroups.json`]: JSON.stringify({ groups: [group('', '../v1')] }) },
    ],
  ];
  for (const [what, line, files] of cases) {
    test(what, async (context) => {
      const found = await complete(context, line, files);
      assert.deepEqual([found.values, found.asked.length], [['other'], 1]);
    });
  }

  test('where the types are older than six hours', async (context) => {
    const later = Date.now() + 6 * 3_600_000;
    assert.deepEqual((await complete(context, 'get ', FILES, later - 60_000)).values, ALL);
    assert.deepEqual((await complete(context, 'get ', FILES, later + 60_000)).values, ['other']);
  });

  test('where one of the files is older than the others', async (context) => {
    const folder = await folderOf(context, FILES);
    utimesSync(join(folder, `${STORED}/v1/serverresources.json`), 1, 1);
    const env = { KUBECONFIG: join(folder, 'kubeconfig'), KUBECACHEDIR: join(folder, 'cache') };
    const found = await completed('get ', { env, now: BigInt(Date.now()) * 1_000_000n, kubectl: 'other\n:4\n' });
    assert.deepEqual(found.values, ['other']);
  });
});
