import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';
import { SERVE_FOLDER, SERVE_NAMES } from '../../src/commands/setup/backends/serve.ts';
import { startCluster, type TestCluster } from '../lab/cluster/cluster.ts';
import { freePorts } from '../lab/cluster/ports.ts';
import { cleanHome, kubectlTrace, launcher, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument } from '../support/schema.ts';

/*
 * The words of the container that `setup backend serve` prints, run as a process, with the certificate and the token that
 * its printed commands make. The folders of the pod are folders of the test, the ports are free ones, and the query port
 * is on loopback.
 */

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface PodSpec {
  readonly containers: readonly [Container];
  readonly volumes: readonly { readonly name: string; readonly secret?: { readonly secretName: string } }[];
}

const home = cleanHome();
const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-setup-serve-'));
const [otlp, query] = (await freePorts(2)) as [number, number];
let manifest = '';
let running: ChildProcess | undefined;
let cluster: TestCluster;

const run = promisify(execFile);

before(async () => {
  ({ stdout: manifest } = await kubectlTrace(home.path, ['setup', 'backend', 'serve', '--image', 'r.test/serve:1']));
  await makeSecret();
  running = await startContainer();
  cluster = await startCluster({ exportTo: `127.0.0.1:${otlp}` });
});
after(async () => {
  await cluster?.stop();
  if (running !== undefined) {
    const closed = once(running, 'close');
    running.kill();
    await closed;
  }
  await rm(folder, { recursive: true, force: true });
  home.remove();
});

const head = (): readonly string[] =>
  manifest.split('\n').flatMap((line) => (line.startsWith('# ') ? [line.slice(2)] : []));

function podSpec(): PodSpec {
  const [, daemonSet] = loadAll(manifest) as { readonly spec: { readonly template: { readonly spec: PodSpec } } }[];
  return daemonSet!.spec.template.spec;
}

const pathsOf = (mountPath: string): string => join(folder, mountPath);

/** Runs the printed commands for certificate and token, and puts their files where the Secret is mounted. */
async function makeSecret(): Promise<void> {
  const made = join(folder, 'made');
  await mkdir(made);
  const commands = head().filter((line) => /^ +(openssl|-addext|\(umask)/.test(line));
  assert.equal(commands.length, 3);
  await run('sh', ['-e', '-c', commands.join('\n')], { cwd: made });
  const mount = podSpec().containers[0].volumeMounts.find(({ name }) => name === 'credentials')!;
  const secret = pathsOf(mount.mountPath);
  await mkdir(secret, { recursive: true });
  const keys = [...manifest.matchAll(/--from-file=(\S+)/g)].map(([, name]) => name!);
  for (const name of keys) await cp(join(made, name), join(secret, name));
}

async function startContainer(): Promise<ChildProcess> {
  const { args, env } = podSpec().containers[0];
  const translated = args.map((word) =>
    word
      .replace(/=(?=\/)/, `=${folder}`)
      .replace('127.0.0.1:4317', `127.0.0.1:${otlp}`)
      .replace('0.0.0.0:16686', `127.0.0.1:${query}`),
  );
  const variables = Object.fromEntries(env.map(({ name, value }) => [name, pathsOf(value)]));
  await mkdir(pathsOf(SERVE_FOLDER), { recursive: true });
  const child = spawn(launcher, translated, {
    env: { PATH: process.env['PATH'], ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Storing up to ')) resolve();
    });
    child.once('close', () => reject(new Error(`serve ended: ${said}`)));
  });
  return child;
}

const token = (): string => join(folder, 'made', 'token');
const certificate = (): string => join(folder, 'made', 'tls.crt');

test('a real control plane sends its spans there, and a trace is complete with the token', async () => {
  // A port-forward would check the name of the Service, which this process does not have.
  const access = ['--backend-token-file', token(), '--backend-insecure-skip-tls-verify'];
  const backend = ['--backend', `local=https://127.0.0.1:${query}`, ...access];
  const get = (...more: string[]): Promise<Outcome> =>
    kubectlTrace(home.path, ['get', 'namespaces', '--context', 'masters', '--metrics', 'off', '-o', 'json', ...more], {
      env: { KUBECONFIG: cluster.kubeconfig },
    });
  const { code, stdout, stderr } = await get(...backend);
  assert.equal(code, 0, stderr);
  assert.equal(parseDocument(stdout).verdict, 'complete');
  const without = await get(...backend.slice(0, 2), '--backend-insecure-skip-tls-verify');
  assert.equal(without.code, 5);
});

test('its certificate has the names of the Service', async () => {
  const bearer = `Authorization: Bearer ${(await readFile(token(), 'utf8')).trim()}`;
  for (const name of SERVE_NAMES) {
    const args = ['--silent', '--noproxy', '*', '--cacert', certificate(), '--header', bearer];
    const { stdout } = await run('curl', [
      ...args,
      '--resolve',
      `${name}:${query}:127.0.0.1`,
      `https://${name}:${query}/api/services`,
    ]);
    assert.ok((JSON.parse(stdout) as { readonly data: readonly string[] }).data.includes('apiserver'), stdout);
  }
});

test('the Secret that is mounted is the one that the printed command makes', () => {
  const { volumes, containers } = podSpec();
  assert.deepEqual(
    containers[0].volumeMounts.map(({ name }) => name),
    volumes.map(({ name }) => name),
  );
  const secret = volumes.flatMap((volume) => volume.secret?.secretName ?? []);
  assert.deepEqual(secret, ['kubectl-trace-serve']);
  assert.ok(head().some((line) => line.includes(`create secret generic ${secret[0]} `)));
});
