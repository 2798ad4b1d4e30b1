import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { startCluster, type TestCluster } from '../lab/cluster/cluster.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument } from '../support/schema.ts';
import { startServe, type RunningServe } from '../support/serve.ts';
import { makeCredentials } from '../support/serve-credentials.ts';

/* A real kube-apiserver and etcd, and a serve with TLS and a token. */

const home = cleanHome();
const credentials = makeCredentials();
after(() => {
  credentials.remove();
  home.remove();
});

const access = ['--backend-ca', credentials.authority, '--backend-token-file', credentials.files.token];

const curl = async (...args: string[]): Promise<string> => {
  const common = ['--silent', '--output', '/dev/null', '--write-out', '%{http_code}', '--noproxy', '*'];
  return (await promisify(execFile)('curl', [...common, ...args])).stdout;
};

suite('the control plane sends spans to loopback, and traces are read over TLS with the token', () => {
  let serve: RunningServe;
  let cluster: TestCluster;
  before(async () => {
    serve = await startServe(home.path, { args: [...credentials.flags, '--insecure-loopback-otlp'] });
    cluster = await startCluster({ exportTo: serve.otlp });
  });
  after(async () => {
    await cluster?.stop();
    await serve?.end();
  });

  const run = (...args: string[]): Promise<Outcome> =>
    kubectlTrace(home.path, ['get', 'nodes', '--context', 'masters', '--metrics', 'off', ...args], {
      env: { KUBECONFIG: cluster.kubeconfig },
    });

  for (const kind of ['local=', 'serve=', 'jaeger=', '']) {
    test(`--backend ${kind}https://… finds a complete trace`, async () => {
      const { code, stdout, stderr } = await run('--backend', `${kind}${serve.query}`, ...access, '-o', 'json');
      assert.equal(code, 0, stderr);
      const document = parseDocument(stdout);
      assert.equal(document.verdict, 'complete');
      assert.equal(document.backend?.url, serve.query);
      assert.ok(!(stdout + stderr).includes(credentials.token));
    });
  }

  test('without the token, with a wrong one and without its authority the error says what to give', async () => {
    const wrong = join(home.path, 'wrong-token');
    writeFileSync(wrong, 'wrong-token-of-32-characters-for-test\n');
    for (const [given, words] of [
      [['--backend-ca', credentials.authority], /401[\s\S]*--backend-token-file/],
      [['--backend-ca', credentials.authority, '--backend-token-file', wrong], /401/],
      [['--backend-token-file', credentials.files.token], /--backend-ca/],
    ] as const) {
      const { code, stderr } = await run('--backend', `local=${serve.query}`, ...given);
      assert.equal(code, 5, stderr);
      assert.match(stderr, words);
      assert.ok(!stderr.includes('wrong-token-of'));
    }
  });

  test('curl reads it with the token, and not without', async () => {
    const { token, authority } = credentials;
    const url = `${serve.query}/api/services`;
    assert.equal(await curl('--cacert', authority, url), '401');
    assert.equal(await curl('--cacert', authority, '--header', 'Authorization: Bearer wrong', url), '401');
    assert.equal(await curl('--cacert', authority, '--header', `Authorization: Bearer ${token}`, url), '200');
    assert.equal(await curl('--cacert', authority, '--user', `me:${token}`, url), '200');
    assert.equal(await curl(url.replace('https:', 'http:')), '400');
  });

  test('it is not noted for other commands, which have no token', () => {
    assert.equal(existsSync(join(home.path, '.local/state/kubectl-trace/serve.json')), false);
    assert.match(serve.said(), /--backend local=https:\/\/NAME:PORT, --backend-ca and --backend-token-file/);
  });

  test('a renewed token and certificate are used without a restart', async () => {
    const renewed = 'the-second-token-of-this-test-file';
    credentials.renew(['renewed.example', '127.0.0.1']);
    writeFileSync(credentials.files.token, `${renewed}\n`);
    await serve.until(/^Using the renewed certificate and token$/m);
    const port = new URL(serve.query).port;
    const at = ['--resolve', `renewed.example:${port}:127.0.0.1`, `https://renewed.example:${port}/api/services`];
    const header = (token: string): string[] => ['--header', `Authorization: Bearer ${token}`];
    assert.equal(await curl('--cacert', credentials.authority, ...header(renewed), ...at), '200');
    assert.equal(await curl('--cacert', credentials.authority, ...header(credentials.token), ...at), '401');
    assert.ok(!serve.said().includes(renewed));
    writeFileSync(credentials.files.token, `${credentials.token}\n`);
  });
});

/*
 * TracingConfiguration has no field for TLS or a token, but the exporter of kube-apiserver and etcd reads both from its
 * environment. Its own option for plain text comes after that, and does not win: this is what real servers do.
 */
test('kube-apiserver and etcd export over TLS with the token if their environment has both', async (t) => {
  const serve = await startServe(home.path, { args: [...credentials.flags, '--database', join(home.path, 'tls.db')] });
  t.after(() => serve.end());
  const cluster = await startCluster({
    exportTo: serve.otlp,
    exporterEnvironment: {
      OTEL_EXPORTER_OTLP_CERTIFICATE: credentials.authority,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${credentials.token}`,
    },
  });
  t.after(() => cluster.stop());
  const args = ['get', 'nodes', '--context', 'masters', '-o', 'json', '--backend', `local=${serve.query}`, ...access];
  const { stdout, stderr } = await kubectlTrace(home.path, args, { env: { KUBECONFIG: cluster.kubeconfig } });
  assert.equal(parseDocument(stdout).verdict, 'complete', stderr);
  assert.match(serve.said(), /^Receiving spans of etcd$/m);
});

suite('beyond loopback', () => {
  for (const [flag, address] of [
    ['--listen', '0.0.0.0:0'],
    ['--listen-http', '[::]:0'],
    ['--listen-query', ':0'],
  ] as const) {
    test(`${flag} ${address} is refused without TLS and a token`, async () => {
      const { code, stderr } = await kubectlTrace(home.path, ['serve', flag, address]);
      assert.equal(code, 2);
      assert.match(stderr, /^error: refusing to listen on \S+ without TLS and a token: every client that reaches/m);
      assert.match(stderr, /--tls-cert-file, --tls-private-key-file and --token-file, or listen on 127\.0\.0\.1/);
    });
  }

  test('a token that others can read is refused before anything is listened on', async () => {
    const open = join(home.path, 'open-token');
    writeFileSync(open, `${credentials.token}\n`, { mode: 0o644 });
    const flags = [...credentials.flags.slice(0, 4), '--token-file', open];
    const { code, stderr } = await kubectlTrace(home.path, ['serve', ...flags]);
    assert.equal(code, 2);
    assert.match(stderr, /open-token: other users may read or write it/);
  });
});
