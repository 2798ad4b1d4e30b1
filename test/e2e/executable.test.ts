import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import packageJSON from '../../package.json' with { type: 'json' };
import { makeExecutable } from '../../scripts/release/executable.ts';
import { ownTarget } from '../../scripts/release/targets.ts';
import { CredentialServer } from '../support/credential-server.ts';
import type { Outcome } from '../support/kubectl-trace.ts';
import { unlessNamespaces } from '../support/namespaces.ts';
import { parseVersion } from '../support/schema.ts';
import { StockRoot } from '../support/stock-root.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const skip = ownTarget === undefined ? 'the executable of this platform is made on Linux' : false;

const withoutRoot = skip || (await unlessNamespaces());

suite('the executable', { skip }, () => {
  let folder: string;
  let program: string;
  let server: CredentialServer;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-executable-'));
    program = join(folder, 'kubectl-trace');
    assert.ok(ownTarget);
    await makeExecutable(ownTarget, dist, program);
    server = await CredentialServer.start();
  });
  after(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, argv0 = program): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { env: { HOME: folder, PATH: '/none', ...env }, argv0 });
      const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
      child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
      child.on('error', reject);
      child.on('close', (code) =>
        resolve({ code, stdout: String(Buffer.concat(stdout)), stderr: String(Buffer.concat(stderr)) }),
      );
    });
  }

  test('needs no Node.js, no shell and no file beside it', async () => {
    assert.deepEqual(await run(['version']), {
      code: 0,
      stdout: `kubectl-trace v${packageJSON.version}\n`,
      stderr: '',
    });
    const { clientVersion } = parseVersion((await run(['version', '-o', 'json'])).stdout);
    assert.deepEqual([clientVersion.gitVersion, clientVersion.executable], [`v${packageJSON.version}`, true]);
    assert.match((await run(['get', '--help'])).stdout, /^Get objects from the API server/);
    const { code, stdout, stderr } = await run(['get', 'nodes', '--kubeconfig', '/none']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^error: .*\/none/);
  });

  test('loads the packages that are separate files', async () => {
    const manifest = join(folder, 'config-map.yaml');
    writeFileSync(
      manifest,
      '# needs js-yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: &name web, labels: {app: *name}}\n',
    );
    const where = ['--server', server.plainURL, '--token', 'token', '--wait', '0', '--metrics', 'off'];
    const { stderr } = await run(['create', '-f', manifest, ...where]);
    assert.doesNotMatch(stderr, /internal error|Cannot find module/);
  });

  test('stores compiled code, and starts with it the next time', async () => {
    const compiled = join(folder, '.cache/kubectl-trace/compiled');
    await run(['get', 'nodes', '--kubeconfig', '/none']);
    assert.ok(existsSync(compiled));
  });

  test('trusts the authorities of NODE_EXTRA_CA_CERTS in a trace backend, and not in the API server', async () => {
    const file = join(folder, 'authority.crt');
    writeFileSync(file, server.authority);
    const trust = { NODE_EXTRA_CA_CERTS: file };
    const show = ['show', '4bf92f3577b34da6a3ce929d0e0e4736', '--backend', `jaeger=${server.secureURL}`, '--wait', '0'];
    assert.match((await run(show)).stderr, /certificate/);
    const trusted = await run(show, trust);
    assert.notEqual(trusted.code, 0);
    assert.doesNotMatch(trusted.stderr, /certificate/);
    const get = ['get', 'ns', '--server', server.secureURL, '--token', 'token', '--wait', '0', '--metrics', 'off'];
    assert.match((await run(get, trust)).stderr, /certificate/);
  });

  suite('is not changed by variables of Node.js', () => {
    let evil: string;
    let openSSL: string;
    before(() => {
      evil = join(folder, 'evil.js');
      writeFileSync(evil, 'require("node:fs").writeSync(2, "LOADED\\n"); process.exit(0);');
      openSSL = join(folder, 'openssl.cnf');
      const engine = ['nodejs_conf = a', '[a]', 'engines = b', '[b]', 'c = d', '[d]', 'dynamic_path = /none.so'];
      writeFileSync(openSSL, `${engine.join('\n')}\n`);
    });

    for (const [name, value] of [
      ['NODE_OPTIONS', (): string => `--require=${evil}`],
      ['NODE_OPTIONS', (): string => '--max-old-space-size=100 --enable-source-maps'],
      ['NODE_OPTIONS', (): string => '--no-such-flag'],
      ['OPENSSL_CONF', (): string => openSSL],
      ['NODE_PATH', (): string => folder],
      ['NODE_TLS_REJECT_UNAUTHORIZED', (): string => '0'],
      ['NODE_USE_SYSTEM_CA', (): string => '1'],
      ['NODE_USE_ENV_PROXY', (): string => '1'],
      ['NODE_COMPILE_CACHE', (): string => join(folder, 'code')],
      ['NODE_PENDING_DEPRECATION', (): string => '1'],
      ['NODE_CHANNEL_FD', (): string => '5'],
    ] as const) {
      test(`${name}=${value.toString().replace(/^.*=> /, '')}`, async () => {
        const args = ['get', 'ns', '--server', server.secureURL, '--token', 'token', '--wait', '0', '--metrics', 'off'];
        const [usual, other] = [await run(args), await run(args, { [name]: value() })];
        assert.match(usual.stderr, /certificate/);
        assert.deepEqual([other.code, withoutTimes(other.stderr)], [usual.code, withoutTimes(usual.stderr)]);
        assert.match(other.stdout, /^no response after /);
      });
    }
  });

  test('does not take the name that it is started by for a flag of Node.js', async () => {
    const evil = join(folder, 'named.js');
    writeFileSync(evil, 'require("node:fs").writeSync(2, "LOADED\\n");');
    for (const argv0 of [`--require=${evil}`, '--no-such-flag', '--version']) {
      const { code, stdout, stderr } = await run(['version'], {}, argv0);
      assert.deepEqual([code, stdout, stderr], [0, `kubectl-trace v${packageJSON.version}\n`, '']);
    }
  });

  test('hands a command of run the variables that it does not heed', async () => {
    const kubeconfig = join(folder, 'kubeconfig.json');
    const cluster = {
      server: server.secureURL,
      'certificate-authority-data': Buffer.from(server.authority).toString('base64'),
    };
    writeFileSync(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'c',
        clusters: [{ name: 'c', cluster }],
        users: [{ name: 'c', user: { token: 'token' } }],
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
      }),
    );
    const command = ['/bin/sh', '-c', 'echo "$NODE_OPTIONS/$NODE_TLS_REJECT_UNAUTHORIZED"'];
    const env = { NODE_OPTIONS: '--enable-source-maps', NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { stdout } = await run(['run', '--kubeconfig', kubeconfig, '--wait', '0', '--', ...command], env);
    assert.match(stdout, /^--enable-source-maps\/0\n/);
  });

  test('is the same wherever it is made, and does not name that place', async () => {
    const other = join(folder, 'elsewhere');
    mkdirSync(other);
    cpSync(dist, join(other, 'dist'), { recursive: true });
    assert.ok(ownTarget);
    await makeExecutable(ownTarget, join(other, 'dist'), join(other, 'kubectl-trace'));
    const [one, two] = [readFileSync(program), readFileSync(join(other, 'kubectl-trace'))];
    assert.equal(hash('sha256', two), hash('sha256', one));
    for (const place of [dist, folder]) assert.equal(one.includes(place), false, place);
  });

  test('needs no shared library that stock Debian and Ubuntu lack', { skip: withoutRoot }, async () => {
    const root = await StockRoot.make();
    try {
      copyFileSync(program, join(root.path, 'bin/kubectl-trace'));
      const stderr = await root.failure(['/bin/kubectl-trace', 'get', 'nodes', '--kubeconfig=/none']);
      assert.match(stderr, /^error: .*\/none/);
    } finally {
      root.remove();
    }
  });
});

/** Texts without what differs in each run. */
const withoutTimes = (text: string): string =>
  text.replace(/\d+(\.\d+)? (ms|µs|s)/g, 'TIME').replace(/[0-9a-f]{32}/g, 'ID');
