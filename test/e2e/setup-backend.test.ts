import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAll } from 'js-yaml';
import { jaegerConfiguration } from '../../src/commands/setup/backends/jaeger.ts';
import { executable } from '../lab/cluster/build.ts';
import { freePorts } from '../lab/cluster/ports.ts';
import { startCluster, type TestCluster } from '../lab/cluster/cluster.ts';
import { jaeger2 } from '../lab/cluster/versions.ts';
import { Supervision } from '../lab/cluster/supervision.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';

/* The manifests on a real API server, which exports its spans to a real Jaeger with the printed configuration. */

const home = cleanHome();
const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-jaeger-'));
const [otlp, query, health, metrics] = (await freePorts(4)) as [number, number, number, number];
let running: { readonly cluster: TestCluster; readonly jaeger: Supervision } | undefined;

before(async () => {
  const jaeger = await startJaeger();
  running = { jaeger, cluster: await startCluster({ samplingRatePerMillion: 0, exportTo: `127.0.0.1:${otlp}` }) };
});
after(async () => {
  await running?.cluster.stop();
  await running?.jaeger.finish();
  await rm(folder, { recursive: true, force: true });
  home.remove();
});

const cluster = (): TestCluster => running!.cluster;

/** Jaeger with the printed configuration, on loopback and on free ports. */
async function startJaeger(): Promise<Supervision> {
  const file = join(folder, 'config.yaml');
  const ports = jaegerConfiguration
    .replaceAll('${env:JAEGER_LISTEN_HOST:-0.0.0.0}', '127.0.0.1')
    .replace(':4317', `:${otlp}`)
    .replace(':16686', `:${query}`)
    .replace(':13133', `:${health}`);
  await writeFile(file, ports);
  const jaeger = await Supervision.begin();
  const reader = `[{pull: {exporter: {prometheus: {host: 127.0.0.1, port: ${metrics}}}}}]`;
  await jaeger.start({
    name: 'jaeger-2',
    command: await executable(jaeger2),
    args: [`--config=${file}`, `--set=service.telemetry.metrics.readers=${reader}`],
    env: process.env,
    log: join(folder, 'jaeger.log'),
  });
  for (let attempt = 0; attempt < 600; attempt++) {
    const response = await fetch(`http://127.0.0.1:${health}/status`).catch(() => undefined);
    if (response?.ok === true) return jaeger;
    await sleep(100);
  }
  throw new Error(`Jaeger is not ready: ${await readFile(join(folder, 'jaeger.log'), 'utf8')}`);
}

const setup = (...args: string[]): Promise<Outcome> =>
  kubectlTrace(home.path, ['setup', ...args], { env: { KUBECONFIG: cluster().kubeconfig } });

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const PLURALS: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ConfigMap: 'configmaps',
  Deployment: 'deployments',
  DaemonSet: 'daemonsets',
  Service: 'services',
  NetworkPolicy: 'networkpolicies',
};

/** Applies an object on the server's side with strict validation; `dryRun`: stores nothing. */
async function apply(object: Manifest, dryRun: boolean): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const within = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  const parameters = `fieldManager=test&fieldValidation=Strict${dryRun ? '&dryRun=All' : ''}`;
  const path = `${root}${within}/${PLURALS[kind]}/${metadata.name}?${parameters}`;
  const { status, body } = await cluster().call('PATCH', path, {
    headers: { 'content-type': 'application/apply-patch+yaml' },
    body: object,
  });
  assert.ok(status === 200 || status === 201, `${kind}: ${status} ${body}`);
}

suite('the manifests of setup backend', () => {
  const cases = [
    ['jaeger', ['backend', 'jaeger'], ['Namespace', 'ConfigMap', 'Deployment', 'Service', 'NetworkPolicy']],
    ['serve', ['backend', 'serve', '--image', 'example.org/kubectl-trace:1'], ['Namespace', 'DaemonSet', 'Service']],
  ] as const;
  for (const [name, args, kinds] of cases) {
    test(`for ${name} are accepted by a real API server`, async () => {
      const { code, stdout, stderr } = await setup(...args);
      assert.equal(code, 0, stderr);
      const objects = loadAll(stdout) as Manifest[];
      assert.deepEqual(
        objects.map(({ kind }) => kind),
        kinds,
      );
      // The namespace is stored: the others need it.
      for (const object of objects) await apply(object, object.kind !== 'Namespace');
    });
  }
});

test('setup finds the cluster IP of the backend', async () => {
  const without = await setup('kubeadm');
  assert.match(without.stdout, /spans to 127\.0\.0\.1:4317/);
  const objects = loadAll((await setup('backend', 'jaeger')).stdout) as Manifest[];
  for (const object of objects) if (/Namespace|Service/.test(object.kind)) await apply(object, false);
  const { stdout } = await setup('kubeadm');
  const [, ip] = /^endpoint: "(10\.96\.0\.\d+):4317"$/m.exec(stdout) ?? [];
  assert.ok(ip !== undefined, stdout);
  assert.match(stdout.replaceAll('\n# ', ' '), new RegExp(`${ip}:4317 is the backend that setup backend made`));
});

test('a trace of the API server is complete in Jaeger with the printed configuration', async () => {
  const args = ['get', 'namespaces', '--context', 'masters', '-o', 'json', '--wait', '30s'];
  const backend = ['--backend', `jaeger=http://127.0.0.1:${query}`];
  const { code, stdout, stderr } = await kubectlTrace(home.path, [...args, ...backend], {
    env: { KUBECONFIG: cluster().kubeconfig },
  });
  assert.equal(code, 0, stderr);
  assert.equal((JSON.parse(stdout) as { readonly verdict: string }).verdict, 'complete');
});
