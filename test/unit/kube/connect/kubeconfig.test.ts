import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadKubeconfig } from '../../../../src/kube/connect/kubeconfig.ts';
import { folderOf } from '../folder.ts';
import { HERE } from '../../../support/platforms.ts';

const one = `
clusters: [{name: red, cluster: {server: "https://one", certificate-authority: ca.crt}}]
users: [{name: me, user: {token: first, tokenFile: secrets/token}}]
`;
const two = `
current-context: prod
clusters: [{name: red, cluster: {server: "https://two", tls-server-name: x}}, {name: blue, cluster: {server: "https://blue"}}]
users: [{name: me, user: {token: second, as: other}}]
contexts: [{name: prod, context: {cluster: red, user: me, namespace: shop}}]
`;

test('of entries with the same name the first file wins as a whole, and missing files are passed over', async (context) => {
  const cwd = await folderOf(context, { 'one/config': one, 'two/config': two });
  const env = { KUBECONFIG: ['one/config', 'missing', '', 'two/config', 'one/config'].join(':') };
  const kubeconfig = await loadKubeconfig(undefined, { cwd, home: cwd, env, platform: HERE });
  assert.deepEqual([...kubeconfig.clusters.keys()], ['red', 'blue']);
  assert.deepEqual(kubeconfig.clusters.get('red'), {
    server: 'https://one',
    certificateAuthority: join(cwd, 'one/ca.crt'),
  });
  assert.deepEqual(kubeconfig.users.get('me'), { token: 'first', tokenFile: join(cwd, 'one/secrets/token') });
  assert.equal(kubeconfig.currentContext, 'prod');
  assert.deepEqual(kubeconfig.missing, ['missing']);
});

test('without KUBECONFIG it is ~/.kube/config', async (context) => {
  const home = await folderOf(context, { '.kube/config': two });
  const kubeconfig = await loadKubeconfig(undefined, { cwd: '/', home, env: {}, platform: HERE });
  assert.equal(kubeconfig.contexts.get('prod')?.namespace, 'shop');
});

test('nothing at all is an empty configuration', async (context) => {
  const home = await folderOf(context);
  const kubeconfig = await loadKubeconfig(undefined, { cwd: home, home, env: {}, platform: HERE });
  assert.equal(kubeconfig.clusters.size, 0);
  assert.deepEqual(kubeconfig.missing, [join(home, '.kube/config')]);
});

test('the file of --kubeconfig must exist', async (context) => {
  const cwd = await folderOf(context);
  await assert.rejects(loadKubeconfig('nope', { cwd, home: cwd, env: {}, platform: HERE }), {
    reason: 'KubeconfigNotFound',
    exitCode: 2,
    message: 'stat nope: no such file or directory',
  });
});

test('exec commands with a slash are relative to the file, others are looked up in PATH', async (context) => {
  const user = (command: string): string => `{name: ${command}, user: {exec: {command: ${command}}}}`;
  const cwd = await folderOf(context, { 'k/config': `users: [${user('bin/login')}, ${user('aws')}]` });
  const { users } = await loadKubeconfig('k/config', { cwd, home: cwd, env: {}, platform: HERE });
  assert.equal(users.get('bin/login')?.exec?.['command'], join(cwd, 'k/bin/login'));
  assert.equal(users.get('aws')?.exec?.['command'], 'aws');
});

for (const [what, text, message] of [
  [
    'YAML that is none',
    'users: [{name: me, user: {token: s3cr3t]',
    /error loading config file "config": yaml: line \d+: /,
  ],
  ['a list', '- s3cr3t', /it is not a mapping/],
  ['another kind', 'kind: Pod\ntoken: s3cr3t', /its kind is not Config/],
  ['a number as token', 'users: [{name: me, user: {token: 5318008}}]', /user.token is not a string/],
  ['a text as flag', 'clusters: [{name: a, cluster: {insecure-skip-tls-verify: "s3cr3t"}}]', /is not true or false/],
  ['clusters as a mapping', 'clusters: {a: s3cr3t}', /clusters is not a list/],
] as const) {
  test(`${what} is named with its file, and nothing of it is quoted`, async (context) => {
    const cwd = await folderOf(context, { config: text });
    await assert.rejects(
      loadKubeconfig('config', { cwd, home: cwd, env: {}, platform: HERE }),
      (error: Error & { reason: string }) => {
        assert.equal(error.reason, 'MalformedKubeconfig');
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /s3cr3t|5318008/);
        return true;
      },
    );
  });
}
