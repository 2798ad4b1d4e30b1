import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { ConnectProxy } from '../support/connect-proxy.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { parseDocument } from '../support/schema.ts';
import { newFile, runBoth, writeKubeconfig, type Both, type Env } from './both-clients.ts';
import { runKubectl } from './kubectl.ts';

// How the two programs come to the server and are let in: the same plugins, proxies and warnings.
const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

const both = (config: string, args: readonly string[], env: Env = {}): Promise<Both> =>
  runBoth(cluster(), home.path, config, args, env);

const kubeconfig = (user: object, clusterParts: object = {}): string =>
  writeKubeconfig(cluster(), home.path, user, clusterParts);

function plugin(script: string): string {
  const file = newFile(home.path, 'plugin');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o700);
  return file;
}

const VERSION = 'client.authentication.k8s.io/v1';
const printed = (token: string): string =>
  `printf '{"apiVersion":"${VERSION}","kind":"ExecCredential","status":{"token":"%s"}}' '${token}'`;

const exec = (command: string, more: object = {}): { exec: object } => ({
  exec: { apiVersion: VERSION, command, interactiveMode: 'IfAvailable', ...more },
});

test('an exec plugin gets the same input as from kubectl, and its token is accepted', async () => {
  const out = join(home.path, 'exec-info');
  const script = `echo "a word to the user" >&2; printf %s "$KUBERNETES_EXEC_INFO" > '${out}'-$WHO; ${printed(cluster().token('admin'))}`;
  const user = exec(plugin(script), { provideClusterInfo: true });
  const extension = { name: 'client.authentication.k8s.io/exec', extension: { audience: 'tests' } };
  const file = kubeconfig(user, { extensions: [extension], 'tls-server-name': 'kubernetes' });
  const world = { KUBECONFIG: file, PATH: process.env['PATH'] ?? '' };
  const args = ['get', 'namespaces', 'default'];
  const kubectl = await runKubectl(cluster().binaries.kubectl, args, { ...world, WHO: 'kubectl' });
  const own = await kubectlTrace(home.path, [...args, '--wait', '0'], { env: { ...world, WHO: 'own' } });
  assert.equal(kubectl.exitCode, 0, kubectl.stderr);
  assert.equal(own.code, 0, own.stderr);
  assert.ok(kubectl.stderr.includes('a word to the user'));
  assert.ok(own.stderr.includes('a word to the user'));
  assert.deepEqual(JSON.parse(readFileSync(`${out}-own`, 'utf8')), JSON.parse(readFileSync(`${out}-kubectl`, 'utf8')));
});

const failures: readonly (readonly [what: string, script: string, more?: object])[] = [
  ['fails', 'echo "why it failed" >&2; exit 3'],
  ['gives nothing', `printf '{"apiVersion":"${VERSION}","kind":"ExecCredential","status":{}}'`],
  ['has no status', `printf '{"apiVersion":"${VERSION}","kind":"ExecCredential"}'`],
  [
    'gives half a certificate',
    `printf '{"apiVersion":"${VERSION}","kind":"ExecCredential","status":{"clientKeyData":"x"}}'`,
  ],
  ['must ask somebody who is not there', 'exit 0', { interactiveMode: 'Always' }],
];
for (const [what, script, more] of failures) {
  test(`an exec plugin that ${what}: the same message as kubectl`, async () => {
    const { own, kubectl } = await both(kubeconfig(exec(plugin(script), more)), ['get', 'namespaces']);
    assert.equal(kubectl.exitCode, 1);
    assert.equal(own.code, 1);
    const last = kubectl.stderr.split('\n').at(-1) ?? '';
    assert.ok(own.stderr.split('\n').includes(last), `${last}\n---\n${own.stderr}`);
    assert.equal(own.stderr.includes('why it failed'), kubectl.log.includes('why it failed'));
  });
}

test('a missing exec plugin: the same message as kubectl, with its install hint', async () => {
  for (const command of ['no-such-plugin', '/no/such/plugin']) {
    const user = exec(command, { installHint: 'get it from the tests' });
    const { own, kubectl } = await both(kubeconfig(user), ['get', 'namespaces']);
    const said = kubectl.stderr.split('\n').find((line) => line.startsWith('Unable to connect')) ?? '';
    assert.notEqual(said, '');
    assert.ok(own.stderr.split('\n').includes(said), `${said}\n---\n${own.stderr}`);
    assert.match(own.stderr, /^hint: get it from the tests$/m);
  }
});

test('expired credentials are renewed once, and the retry has its own span', async () => {
  const mark = join(home.path, 'was-here');
  const script = `if [ -e '${mark}' ]; then ${printed(cluster().token('admin'))}; else touch '${mark}'; ${printed('expired')}; fi`;
  const file = kubeconfig(exec(plugin(script)));
  const args = ['get', '--raw', '/api/v1/namespaces/default', '--wait', '0', '-o', 'json'];
  const { code, stdout, stderr } = await kubectlTrace(home.path, args, { env: { KUBECONFIG: file } });
  assert.equal(code, 0, stderr);
  const { requests } = parseDocument(stdout);
  assert.deepEqual(
    requests.map(({ status }) => status),
    [401, 200],
  );
  assert.notEqual(requests[0]?.spanID, requests[1]?.spanID);
  assert.ok(existsSync(mark));

  const never = kubeconfig(exec(plugin(printed('wrong'))));
  const refused = await both(never, ['get', 'namespaces', 'default']);
  assert.equal(refused.own.code, refused.kubectl.exitCode);
  assert.match(refused.own.stderr, /You must be logged in to the server/);
  assert.match(refused.kubectl.stderr, /You must be logged in to the server/);
});

test('HTTPS_PROXY and NO_PROXY apply as in kubectl', async (context) => {
  const proxy = await ConnectProxy.start(cluster().ports.apiserver);
  context.after(() => proxy.stop());
  // A name that only the proxy knows the way to, and that the server's certificate has.
  const server = `https://kubernetes.default.svc:${cluster().ports.apiserver}`;
  const file = kubeconfig({ token: cluster().token('admin') }, { server });
  const unreachable = 'http://127.0.0.1:9';
  const ways: readonly (readonly [env: Env, tunnelled: boolean])[] = [
    [{ HTTPS_PROXY: proxy.url }, true],
    [{ https_proxy: proxy.url.replace('http://', '') }, true],
    [{ HTTPS_PROXY: proxy.url, https_proxy: unreachable }, true],
    [{ HTTPS_PROXY: proxy.url, NO_PROXY: 'kubernetes.default.svc' }, false],
    [{ HTTPS_PROXY: proxy.url, no_proxy: '.svc' }, false],
    [{ HTTPS_PROXY: proxy.url, NO_PROXY: 'kubernetes.default.svc:1' }, true],
    [{ HTTP_PROXY: proxy.url }, false],
  ];
  for (const [env, tunnelled] of ways) {
    const told = JSON.stringify(env);
    const { own, kubectl } = await both(file, ['get', '--raw', '/api/v1/namespaces/default'], env);
    const tunnels = new Set(proxy.take());
    assert.equal(kubectl.exitCode, tunnelled ? 0 : 1, told);
    assert.equal(own.code, kubectl.exitCode, `${told} ${own.stderr}`);
    assert.deepEqual([...tunnels], tunnelled ? [server.replace('https://', '')] : [], told);
  }
  // proxy-url comes first, and loopback needs none.
  const named = kubeconfig({ token: cluster().token('admin') }, { server, 'proxy-url': proxy.url });
  const local = kubeconfig({ token: cluster().token('admin') });
  for (const [config, tunnels] of [
    [named, 2],
    [local, 0],
  ] as const) {
    const { own, kubectl } = await both(config, ['get', '--raw', '/version'], { HTTPS_PROXY: unreachable });
    assert.deepEqual([own.code, kubectl.exitCode, proxy.take().length], [0, 0, tunnels], own.stderr);
  }
});

test('--warnings-as-errors: a server warning ends both programs with 1', async () => {
  const file = cluster().kubeconfig;
  const warned = await both(file, ['get', 'componentstatuses', '--warnings-as-errors']);
  assert.equal(warned.kubectl.exitCode, 1);
  assert.equal(warned.own.code, 1);
  for (const line of warned.kubectl.stderr.split('\n')) assert.ok(warned.own.stderr.split('\n').includes(line), line);
  assert.equal(parseDocument(warned.own.stdout).error?.reason, 'WarningsAsErrors');
  for (const args of [
    ['get', 'componentstatuses'],
    ['get', 'namespaces', '--warnings-as-errors'],
  ]) {
    const { own, kubectl } = await both(file, args);
    assert.deepEqual([own.code, kubectl.exitCode], [0, 0]);
  }
});

test('-v: both programs log the same request, with the same response headers and no credentials', async () => {
  const token = cluster().token('admin');
  const file = kubeconfig({ token });
  for (const level of [6, 7, 8, 9]) {
    const { own, kubectl } = await both(file, ['get', '--raw', '/api/v1/namespaces/default', `-v=${level}`]);
    assert.deepEqual([own.code, kubectl.exitCode], [0, 0]);
    for (const text of [own.stderr, kubectl.log]) {
      assert.ok(!text.includes(token));
      assert.equal(text.includes('"Request"'), level >= 7, text);
      assert.equal(text.includes('Authorization: Bearer <masked>'), level >= 7, text);
      const answer = text.slice(text.indexOf('"Response"'));
      assert.equal(/^\tAudit-Id: /m.test(answer), level >= 8, text);
      assert.equal(text.includes('curl -v -XGET'), level >= 9, text);
      assert.match(text, /"Response" .*status="200/s);
    }
  }
});
