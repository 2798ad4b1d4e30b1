import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { cleanHome, launcher, type Outcome } from '../support/kubectl-trace.ts';
import { startSigningCluster, type SigningCluster } from '../support/signing-cluster.ts';

/* The commands of docs/enable-tracing.md, in their order, against a real API server, etcd, signer and Jaeger. */

const page = readFileSync(new URL('../../docs/enable-tracing.md', import.meta.url), 'utf8');

/** The lines of each ```sh block. */
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text.trimEnd());

const home = cleanHome();
const programs = join(home.path, 'bin');
let signing: SigningCluster | undefined;

before(async () => {
  signing = await startSigningCluster({ samplingRatePerMillion: 0 });
  mkdirSync(join(home.path, '.kube'));
  copyFileSync(signing.cluster.kubeconfig, join(home.path, '.kube', 'config'));
  mkdirSync(programs);
  symlinkSync(signing.cluster.binaries.kubectl, join(programs, 'kubectl'));
  // A script, because the program finds its files beside itself.
  writeFileSync(join(programs, 'kubectl-trace'), `#!/bin/sh\nexec ${launcher} "$@"\n`);
  chmodSync(join(programs, 'kubectl-trace'), 0o755);
});
after(async () => {
  await signing?.stop();
  home.remove();
});

/** Runs a block of the page in a shell, with what earlier blocks have exported. No kubelet runs the Jaeger of the page. */
function shell(script: string, input = ''): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const exports = blocks.slice(0, blocks.indexOf(script)).filter((each) => each.startsWith('export '));
    const child = spawn('bash', ['-euo', 'pipefail', '-c', [...exports, script].join('\n')], {
      cwd: home.path,
      env: {
        HOME: home.path,
        PATH: `${programs}:${dirname(process.execPath)}:/usr/bin:/bin`,
        NO_COLOR: '1',
        KUBECTL_TRACE_BACKEND: `jaeger=${signing!.cluster.backendURL}`,
      },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => undefined).end(input);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The only block with that first line. */
function block(first: string): string {
  const found = blocks.filter((each) => each.split('\n')[0] === first);
  assert.equal(found.length, 1, `${found.length} blocks begin with ${first}`);
  return found[0]!;
}

async function succeeds(first: string, input?: string): Promise<string> {
  const { code, stdout, stderr } = await shell(block(first), input);
  assert.equal(code, 0, `${first}: ${stderr}`);
  return stdout;
}

const SETUP = 'kubectl trace setup';
const BACKEND = 'kubectl trace setup backend jaeger | kubectl apply -f -';
const OTHERS = 'kubectl trace setup kubeadm --kubernetes-version 1.26.15 --endpoint 10.96.0.7:4317';
const IDENTITY = 'kubectl trace setup identity';
const EXPORTS = 'export KUBECONFIG="$HOME/.kube/config:$HOME/.kube/kubectl-trace.kubeconfig.yaml"';
const TRACE = 'kubectl trace get nodes';
const SERVE = 'kubectl trace setup backend serve --image registry.example.org/kubectl-trace:1 > serve.yaml';
const METRICS = 'kubectl trace setup metrics-reader';
const UNDO = 'kubectl trace setup metrics-reader --undo --yes';

suite('the walk-through', () => {
  test('has no command that is not run below', () => {
    assert.deepEqual(
      blocks.map((each) => each.split('\n')[0]),
      [BACKEND, SETUP, OTHERS, IDENTITY, EXPORTS, TRACE, SERVE, METRICS, UNDO],
    );
  });

  test('makes a backend', async () => {
    const stdout = await succeeds(BACKEND);
    assert.match(stdout, /deployment\.apps\/kubectl-trace-jaeger created/);
    assert.match(stdout, /networkpolicy\.networking\.k8s\.io\/kubectl-trace-jaeger created/);
  });

  test('says that this kind of cluster is not known where nothing shows it', async () => {
    // The servers of the tests are no pods, and there is no node.
    const { code, stderr } = await shell(block(SETUP));
    assert.equal(code, 1);
    assert.match(stderr, /this kind of cluster is not known: .*kube-system has no pod of kube-apiserver/);
    assert.match(stderr, /hint: name it, for example: kubectl trace setup systemd/);
  });

  test('detects kubeadm by one of its nodes, and finds the backend', async () => {
    const annotations = { 'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///run/containerd/containerd.sock' };
    const body = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'one', annotations } };
    await signing!.cluster.call('POST', '/api/v1/nodes', { body });
    const stdout = await succeeds(SETUP);
    assert.match(stdout.replaceAll('\n# ', ' '), /Detected kubeadm: node one has the annotation/);
    assert.match(stdout, /^endpoint: "10\.96\.0\.\d+:4317"$/m);
    assert.match(stdout, /--enable-distributed-tracing=true/);
  });

  test('prints the files of other versions and clusters', async () => {
    const stdout = await succeeds(OTHERS);
    assert.match(stdout, /v1alpha1\nkind: TracingConfiguration\nendpoint: "10\.96\.0\.7:4317"\n/);
    assert.match(stdout, /feature-gates: "APIServerTracing=true"/);
    assert.match(stdout, /kube-apiserver-arg\+:/);
  });

  test('shows the files that it prints for Kubernetes 1.37 and 1.26', async () => {
    const flags = /^etcd (.*)$/gm;
    const shown = [...page.matchAll(flags)].map(([, text = '']) => text.split(' '));
    const versions = ['1.37.2', '1.26.15'] as const;
    for (const [index, version] of versions.entries()) {
      const line = `kubectl trace setup kubeadm --kubernetes-version ${version} --endpoint 10.96.0.7:4317`;
      const { stdout } = await shell(line);
      for (const flag of shown[index]!) assert.ok(stdout.includes(`- ${flag}\n`), `${version}: ${flag}`);
      const [file = ''] = /^apiVersion: apiserver[\s\S]*?(?=^EOF$)/m.exec(stdout) ?? [];
      assert.ok(page.includes(`# /etc/kubernetes/tracing/config.yaml\n${file}`), file);
    }
  });

  test('makes a user whose trace context is accepted', async () => {
    assert.match(await succeeds(IDENTITY, 'y\n'), /verified: kubectl-trace acts as kubernetes-admin/);
    assert.equal((await shell(block(EXPORTS))).code, 0);
  });

  test('ends with the complete trace of a list of nodes, in the terminal and in Jaeger', async () => {
    const stdout = await succeeds(TRACE);
    const [, id = ''] = /^trace ([0-9a-f]{32}) {2}complete: (?:\d+) of \d+ spans, by trace ID/m.exec(stdout) ?? [];
    assert.notEqual(id, '', stdout);
    for (const row of ['apiserver  GET /api/v1/nodes', 'List nodes', 'etcd']) assert.ok(stdout.includes(row), row);
    const response = await fetch(`${signing!.cluster.backendURL}/api/traces/${id}`);
    const { data } = (await response.json()) as { data: [{ processes: Record<string, { serviceName: string }> }] };
    const services = new Set(Object.values(data[0].processes).map(({ serviceName }) => serviceName));
    assert.ok(services.has('apiserver') && services.has('etcd'), [...services].join(', '));
    assert.ok(stdout.includes(`${signing!.cluster.backendURL}/trace/${id}`));
  });

  test('prints manifests of serve, and lets a user read metrics', async () => {
    await succeeds(SERVE);
    assert.match(readFileSync(join(home.path, 'serve.yaml'), 'utf8'), /image: registry\.example\.org\/kubectl-trace:1/);
    assert.match(await succeeds(METRICS), /user "kubernetes-admin" may read \/metrics/);
  });

  test('is undone', async () => {
    const stdout = await succeeds(UNDO);
    assert.match(stdout, /removed ClusterRoleBinding and ClusterRole kubectl-trace-metrics-reader/);
    assert.match(stdout, /namespace "tracing" deleted/);
    assert.equal(existsSync(join(home.path, '.kube', 'kubectl-trace.kubeconfig.yaml')), false);
  });
});
