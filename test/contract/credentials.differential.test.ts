import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { after, test } from 'node:test';
import { openCluster } from '../../src/kube/cluster.ts';
import { get } from '../../src/kube/api/request.ts';
import { createAuthority } from '../lab/cluster/certificate.ts';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { ConnectProxy } from '../support/connect-proxy.ts';
import { cleanHome, kubectlTrace, launcher, type Outcome } from '../support/kubectl-trace.ts';
import { TestIssuer } from '../support/oidc-issuer.ts';
import { parseDocument } from '../support/schema.ts';
import { newFile, runBoth, writeKubeconfig, type Both, type Env } from './both-clients.ts';
import { send, testRuntime } from '../unit/kube/fixture.ts';
import { runKubectl } from './kubectl.ts';

// Every way to be let in, by both programs at the same server: who they are there, or why they are not.
const home = cleanHome();
const issuer = await TestIssuer.start();
const issuerCA = newFile(home.path, 'issuer.crt');
writeFileSync(issuerCA, issuer.authority);
const cluster = sharedCluster({
  apiserverArgs: [
    `--oidc-issuer-url=${issuer.url}`,
    `--oidc-ca-file=${issuerCA}`,
    `--oidc-client-id=${issuer.client.id}`,
    '--oidc-username-claim=sub',
    '--oidc-username-prefix=-',
  ],
});
after(async () => {
  await issuer.stop();
  home.remove();
});

const both = (config: string, args: readonly string[], env: Env = {}): Promise<Both> =>
  runBoth(cluster(), home.path, config, args, env);

const kubeconfig = (user: object, clusterParts: object = {}): string =>
  writeKubeconfig(cluster(), home.path, user, clusterParts);

const REVIEWS = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const review = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
const reviewFile = newFile(home.path, 'review');
writeFileSync(reviewFile, review);

interface UserInfo {
  readonly username: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

const OURS = ['raw', 'POST', REVIEWS, '--data', `@${reviewFile}`, '--show-response', '--wait', '0', '-o', 'json'];
const KUBECTLS = ['create', '--raw', REVIEWS, '-f', reviewFile];

type Streams = Pick<Outcome, 'stdout' | 'stderr'>;

/** Who the server takes a client for, by its answer to it. */
function userOf(answer: string, stderr: string): UserInfo {
  assert.ok(answer.startsWith('{'), `${stderr} ${answer}`);
  return JSON.parse(answer).status.userInfo;
}

const kubectlUser = ({ stdout, stderr }: Streams): UserInfo => userOf(stdout, stderr);

function ownUser({ stdout, stderr }: Streams): UserInfo {
  const body: unknown = parseDocument(stdout).requests.at(-1)?.body;
  return userOf(typeof body === 'string' ? body : JSON.stringify(body ?? null), stderr);
}

/** Who both are; they must be the same. */
async function whoAmI(config: string, flags: readonly string[] = []): Promise<UserInfo> {
  const env = { KUBECONFIG: config, PATH: process.env['PATH'] ?? '' };
  const kubectl = kubectlUser(await runKubectl(cluster().binaries.kubectl, [...KUBECTLS, ...flags], env));
  assert.deepEqual(ownUser(await kubectlTrace(home.path, [...OURS, ...flags], { env })), kubectl);
  return kubectl;
}

/** All that kubectl says; ours is the same, and a hint. */
function sameWords({ own, kubectl }: Both): string {
  assert.equal(kubectl.exitCode, 1);
  assert.notEqual(own.code, 0);
  const [ours, said] = [own.stderr, kubectl.stderr].map((text) => text.replace(/^error: /, ''));
  assert.ok(ours?.startsWith(`${said}\n`), `${kubectl.stderr}\n---\n${own.stderr}`);
  return said ?? '';
}

const oidc = (config: object): { 'auth-provider': object } => ({
  'auth-provider': {
    name: 'oidc',
    config: {
      'idp-issuer-url': issuer.url,
      'idp-certificate-authority': issuerCA,
      'client-id': issuer.client.id,
      'client-secret': issuer.client.secret,
      ...config,
    },
  },
});

test('OIDC: a valid ID token is used, without a request to the issuer', async () => {
  const { username } = await whoAmI(kubeconfig(oidc({ 'id-token': issuer.idToken('jane', 600) })));
  assert.equal(username, 'jane');
  assert.deepEqual(issuer.asked, []);
});

test('OIDC: an expired token is refreshed and stored, with the next refresh token', async () => {
  // This issuer wants the client in the form, so both have to ask twice.
  issuer.answer((form) =>
    form.get('client_secret') === issuer.client.secret
      ? { status: 200, body: { access_token: 'a', id_token: issuer.idToken('jane', 600), refresh_token: 'second' } }
      : { status: 401, body: { error: 'invalid_client' } },
  );
  const expired = issuer.idToken('jane', -60);
  const user = oidc({
    'idp-certificate-authority': undefined,
    'idp-certificate-authority-data': Buffer.from(issuer.authority).toString('base64'),
    'id-token': expired,
    'refresh-token': 'first',
  });
  const [kubectls, ours] = [kubeconfig(user), kubeconfig(user)];
  const world = { PATH: process.env['PATH'] ?? '' };
  const kubectl = await runKubectl(cluster().binaries.kubectl, KUBECTLS, { ...world, KUBECONFIG: kubectls });
  const askedByKubectl = issuer.asked.splice(0);
  assert.equal(askedByKubectl.length, 2);
  const own = await kubectlTrace(home.path, OURS, { env: { ...world, KUBECONFIG: ours } });
  assert.equal(ownUser(own).username, 'jane');
  assert.deepEqual(ownUser(own), kubectlUser(kubectl));
  assert.deepEqual(issuer.asked.splice(0), askedByKubectl);

  const kept = await Promise.all(
    [kubectls, ours].map(async (file) => {
      const view = ['config', 'view', '--raw', '-o', 'json'];
      const { stdout } = await runKubectl(cluster().binaries.kubectl, view, { KUBECONFIG: file });
      assert.equal(statSync(file).mode & 0o777, 0o600);
      return JSON.parse(stdout);
    }),
  );
  const settings = kept.map((config) => config.users[0].user['auth-provider'].config);
  for (const each of settings) {
    assert.equal(each['refresh-token'], 'second');
    assert.notEqual(each['id-token'], expired);
    each['id-token'] = 'new';
  }
  assert.deepEqual(kept[1], kept[0]);
  // The kept one is valid: nothing is asked any more.
  await whoAmI(ours);
  assert.deepEqual(issuer.asked, []);
});

const refusals: readonly (readonly [what: string, status: number, body: object | string])[] = [
  ['refuses the refresh token', 400, { error: 'invalid_grant', error_description: 'the "session" is over' }],
  ['fails', 503, 'come back later'],
  ['gives no ID token', 200, { access_token: 'a' }],
  ['gives no token at all', 200, {}],
];
for (const [what, status, body] of refusals) {
  test(`OIDC: an issuer that ${what}: the same message as kubectl`, async () => {
    issuer.answer(() => ({ status, body }));
    const config = kubeconfig(oidc({ 'id-token': issuer.idToken('jane', -60), 'refresh-token': 'first' }));
    const before = readFileSync(config, 'utf8');
    const refused = await both(config, ['get', '--raw', '/version']);
    sameWords(refused);
    assert.equal(refused.own.code, 1);
    assert.equal(readFileSync(config, 'utf8'), before);
  });
}

test("OIDC: kubeconfig errors are reported in kubectl's words", async () => {
  const expired = issuer.idToken('jane', -60);
  const configs: readonly (readonly [user: object, said: RegExp])[] = [
    [oidc({ 'id-token': expired }), /No valid id-token, and cannot refresh without refresh-token$/],
    [oidc({ 'id-token': 'none' }), /ID Token is not a valid JWT$/],
    [oidc({ 'client-id': '' }), /Must provide client-id$/],
    [oidc({ 'idp-issuer-url': '' }), /Must provide idp-issuer-url$/],
    [
      oidc({ 'idp-issuer-url': `${issuer.url}/other`, 'refresh-token': 'a' }),
      /metadata endpoint 404 Not Found: "not here"$/,
    ],
    [
      oidc({ 'idp-certificate-authority': cluster().certificateAuthority, 'refresh-token': 'a' }),
      /configuration": tls: failed to verify certificate: x509: certificate signed by unknown authority$/,
    ],
    [{ 'auth-provider': { name: 'other' } }, /no Auth Provider found for name "other"$/],
  ];
  for (const [user, said] of configs) {
    assert.match(sameWords(await both(kubeconfig(user), ['get', '--raw', '/version'])), said);
  }
});

test('OIDC: while another process writes the kubeconfig, both programs fail with the same message', async () => {
  issuer.answer(() => ({ status: 200, body: { access_token: 'a', id_token: issuer.idToken('jane', 600) } }));
  const config = kubeconfig(oidc({ 'refresh-token': 'first' }));
  writeFileSync(`${config}.lock`, '');
  assert.match(
    sameWords(await both(config, ['get', '--raw', '/version'])),
    /could not persist new tokens: open .*lock/,
  );
});

test('OIDC: a static token takes precedence', async () => {
  const user = { ...oidc({ 'id-token': issuer.idToken('jane', 600) }), token: cluster().token('monitoring') };
  assert.equal((await whoAmI(kubeconfig(user))).username, 'monitoring');
});

test('tokens and token files authenticate the same user as in kubectl', async () => {
  const file = newFile(home.path, 'token');
  writeFileSync(file, `${cluster().token('monitoring')}\n`);
  const token = cluster().token('admin');
  const users: readonly (readonly [user: object, name: string])[] = [
    [{ token }, 'kubernetes-admin'],
    [{ tokenFile: file }, 'monitoring'],
    [{ tokenFile: basename(file) }, 'monitoring'],
    [{ tokenFile: file, token }, 'monitoring'],
    [{ tokenFile: `${file}-missing`, token }, 'kubernetes-admin'],
  ];
  for (const [user, name] of users) assert.equal((await whoAmI(kubeconfig(user))).username, name);
  const config = kubeconfig({ tokenFile: file });
  writeFileSync(file, token);
  assert.equal((await whoAmI(config)).username, 'kubernetes-admin');
});

test('a token file that has changed since it was read is read again when its token is refused', async (context) => {
  const file = newFile(home.path, 'token');
  writeFileSync(file, cluster().token('wrong-token'));
  const connection = await openCluster({ kubeconfig: kubeconfig({ tokenFile: file }) }, testRuntime(), '1.2.3');
  context.after(() => connection.close());
  const request = get('request', '/api/v1/namespaces/default', 'application/json');
  assert.equal((await send(connection, request)).status, 401);
  assert.equal(await connection.renew?.(), false);
  writeFileSync(file, cluster().token('admin'));
  assert.equal(await connection.renew?.(), true);
  assert.equal((await send(connection, request)).status, 200);
});

test('client certificates, as files and inline, authenticate the same user as in kubectl', async () => {
  const { users } = JSON.parse(cluster().kubeconfigOf('cert-user', ['blue', 'green'])) as {
    users: { user: Record<'client-certificate-data' | 'client-key-data', string> }[];
  };
  const inline = users[0]!.user;
  const [certificate, key] = [newFile(home.path, 'client.crt'), newFile(home.path, 'client.key')];
  writeFileSync(certificate, Buffer.from(inline['client-certificate-data'], 'base64'));
  writeFileSync(key, Buffer.from(inline['client-key-data'], 'base64'));
  for (const user of [
    inline,
    { 'client-certificate': certificate, 'client-key': key },
    { 'client-certificate': basename(certificate), 'client-key-data': inline['client-key-data'] },
  ]) {
    const { username, groups } = await whoAmI(kubeconfig(user));
    assert.deepEqual([username, groups], ['cert-user', ['blue', 'green', 'system:authenticated']]);
  }
});

test('impersonation with groups, uid and extra is the same as in kubectl', async () => {
  const user = {
    token: cluster().token('masters'),
    as: 'other',
    'as-uid': '42',
    'as-groups': ['blue', 'green'],
    'as-user-extra': { reason: ['tests', 'more tests'], 'example.com/Why%': ['x'] },
  };
  const info = await whoAmI(kubeconfig(user));
  assert.deepEqual([info.username, info.uid], ['other', '42']);
  assert.deepEqual(info.groups, ['blue', 'green', 'system:authenticated']);
  assert.deepEqual(info.extra?.['reason'], ['tests', 'more tests']);
});

test('basic authentication: both programs send the same header', async (context) => {
  const authority = createAuthority('basic');
  const { certificate, key } = authority.issueServer(['127.0.0.1']);
  const sent: string[] = [];
  const server = createServer({ cert: certificate, key }, (incoming, response) => {
    sent.push(incoming.headers.authorization ?? '');
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const reach = {
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    'certificate-authority-data': Buffer.from(authority.certificate).toString('base64'),
  };
  // A password wins over an ID token.
  const withToken = { ...oidc({ 'id-token': issuer.idToken('jane', 600) }), username: 'jane', password: 'p' };
  for (const user of [{ username: 'jané', password: 'p:w d' }, withToken]) {
    const { own, kubectl } = await both(kubeconfig(user, reach), ['get', '--raw', '/version']);
    assert.deepEqual([own.code, kubectl.exitCode], [0, 0], own.stderr);
    const wanted = `Basic ${Buffer.from(`${user.username}:${user.password}`).toString('base64')}`;
    assert.deepEqual([...new Set(sent.splice(0))], [wanted]);
  }
});

test('proxy-url and tls-server-name apply as in kubectl', async (context) => {
  const proxy = await ConnectProxy.start(cluster().ports.apiserver);
  context.after(() => proxy.stop());
  const user = { token: cluster().token('admin') };
  // A name that only the proxy knows the way to, and that the certificate does not have.
  const far = { server: 'https://far.example:6443', 'proxy-url': proxy.url };
  const args = ['get', '--raw', '/version'];
  assert.match(sameWords(await both(kubeconfig(user, far), args)), /certificate is valid for .* not far\.example$/);
  assert.equal(proxy.take().length, 2);
  const named = kubeconfig(user, { ...far, 'tls-server-name': 'kubernetes' });
  assert.equal((await whoAmI(named)).username, 'kubernetes-admin');
  assert.deepEqual([...new Set(proxy.take())], ['far.example:6443']);
  const wrong = kubeconfig(user, { 'tls-server-name': 'other.example' });
  assert.match(sameWords(await both(wrong, args)), /not other\.example$/);
});

test('several kubeconfig files: the first entry of a name wins, and a missing file is skipped', async () => {
  const first = kubeconfig({ token: cluster().token('monitoring') });
  const second = kubeconfig({ token: cluster().token('admin') }, { server: 'https://127.0.0.1:1' });
  const files = [newFile(home.path, 'missing'), first, second].join(':');
  assert.equal((await whoAmI(files)).username, 'monitoring');
});

test('a context without a user has the CA of its cluster', async () => {
  const config = JSON.parse(readFileSync(kubeconfig({}), 'utf8'));
  config.contexts[0].context = { cluster: 'test' };
  const file = newFile(home.path, 'kubeconfig');
  writeFileSync(file, JSON.stringify(config));
  assert.equal((await whoAmI(file, ['--token', cluster().token('admin')])).username, 'kubernetes-admin');
});

test('in a pod both programs use its service account', async () => {
  const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
  const path = '/api/v1/namespaces/default/serviceaccounts';
  assert.equal((await cluster().call('POST', path, { body: { metadata: { name: 'pod' } } })).status, 201);
  const { body } = await cluster().call('POST', `${path}/pod/token`, { body: { spec: {} } });
  const token = newFile(home.path, 'pod-token');
  writeFileSync(token, JSON.parse(body).status.token);
  // The path is fixed in kubectl: in a separate mount namespace both find it.
  const script = `set -e
mount -t tmpfs none /run
mkdir -p ${folder}
cp "$TOKEN" ${folder}/token
cp "$CA" ${folder}/ca.crt
printf default > ${folder}/namespace
exec "$@"`;
  const env = {
    PATH: process.env['PATH'] ?? '',
    TOKEN: token,
    CA: cluster().certificateAuthority,
    KUBERNETES_SERVICE_HOST: '127.0.0.1',
    KUBERNETES_SERVICE_PORT: String(cluster().ports.apiserver),
  };
  const inPod = (command: string, args: readonly string[]): ReturnType<typeof runKubectl> =>
    runKubectl('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', command, ...args], env);
  const kubectl = kubectlUser(await inPod(cluster().binaries.kubectl, KUBECTLS));
  const own = ownUser(await inPod(launcher, OURS));
  assert.equal(own.username, 'system:serviceaccount:default:pod');
  assert.deepEqual(own, kubectl);
});
