import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startCluster, type ContextName, type TestCluster } from './cluster.ts';
import { sharedCluster } from './shared.ts';

// Side by side: each with its own ports, folder and authority.
const sampling = sharedCluster();
const quiet = sharedCluster({
  samplingRatePerMillion: 0,
  jaegerBasePath: '/jaeger',
  auditLog: true,
  // At this verbosity kube-apiserver logs the flags it was started with.
  apiserverArgs: ['--v=1', '--event-ttl=2h'],
});

interface Finished {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function kubectl(cluster: TestCluster, ...args: string[]): Promise<Finished> {
  const all = ['--kubeconfig', cluster.kubeconfig, `--cache-dir=${cluster.folder}/cache`, ...args];
  return new Promise((resolve) => {
    execFile(cluster.binaries.kubectl, all, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function spansOf(cluster: TestCluster, traceID: string): Promise<{ service: string; name: string }[]> {
  const response = await fetch(`${cluster.backendURL}/api/traces/${traceID}`);
  if (!response.ok) return [];
  type Trace = {
    spans: { operationName: string; processID: string }[];
    processes: Record<string, { serviceName: string }>;
  };
  const { data } = (await response.json()) as { data: Trace[] };
  return data.flatMap(({ spans, processes }) =>
    spans.map((span) => ({ service: processes[span.processID]!.serviceName, name: span.operationName })),
  );
}

/** Lists nodes as `user` with a sampled trace context, and waits until the trace has spans of `services`. */
async function waitForServices(cluster: TestCluster, user: ContextName, services: string[]): Promise<string[]> {
  const traceID = randomBytes(16).toString('hex');
  const headers = { traceparent: `00-${traceID}-${randomBytes(8).toString('hex')}-01` };
  assert.equal((await cluster.call('GET', '/api/v1/nodes', { user, headers })).status, 200);
  for (const deadline = Date.now() + 15_000; ; await sleep(50)) {
    const found = new Set((await spansOf(cluster, traceID)).map(({ service }) => service));
    if (services.every((service) => found.has(service)) || Date.now() > deadline) return [...found].sort();
  }
}

test('two clusters are independent', () => {
  const [one, other] = [sampling(), quiet()];
  assert.notEqual(one.folder, other.folder);
  assert.equal(new Set([one, other].flatMap(({ ports }) => Object.values(ports))).size, 10);
});

for (const context of ['admin', 'masters', 'monitoring', 'cert'] as const) {
  test(`kubectl lists the node as ${context}`, async () => {
    const { status, stdout, stderr } = await kubectl(sampling(), '--context', context, 'get', 'nodes', '-o', 'name');
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'node/demo-node\n', stderr: '' });
  });
}

test('a user without permissions is forbidden, and a wrong token is rejected', async () => {
  const nobody = await kubectl(sampling(), '--context', 'nobody', 'get', 'nodes');
  assert.equal(nobody.status, 1);
  assert.match(nobody.stderr, /\(Forbidden\): nodes is forbidden: User "nobody" cannot list resource "nodes"/);
  const stranger = await kubectl(sampling(), '--context', 'wrong-token', 'get', 'nodes');
  assert.equal(stranger.status, 1);
  assert.match(stranger.stderr, /\(Unauthorized\)/);
});

test('the current context is an ordinary cluster-admin', async () => {
  for (const context of [[], ['--context', 'cert']]) {
    const { stdout } = await kubectl(sampling(), ...context, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo}');
    const { username, groups } = JSON.parse(stdout) as { username: string; groups: string[] };
    assert.equal(username, 'kubernetes-admin');
    assert.deepEqual(groups, ['kubeadm:cluster-admins', 'system:authenticated']);
  }
  assert.equal((await kubectl(sampling(), 'auth', 'can-i', '*', '*')).stdout, 'yes\n');
});

test('the kubeconfig is for its owner only', async () => {
  assert.equal((await stat(sampling().kubeconfig)).mode & 0o777, 0o600);
});

test('the server reports its version', async () => {
  const { body } = await sampling().call('GET', '/version');
  assert.match((JSON.parse(body) as { gitVersion: string }).gitVersion, /^v1\.\d+\.\d+$/);
});

test('a trusted request is found under its trace ID, with spans of etcd', async () => {
  assert.deepEqual(await waitForServices(sampling(), 'masters', ['apiserver', 'etcd']), ['apiserver', 'etcd']);
});

test('at rate 0, with another base path, a trusted request is still recorded', async () => {
  assert.match(quiet().backendURL, /\/jaeger$/);
  assert.deepEqual(await waitForServices(quiet(), 'monitoring', ['apiserver', 'etcd']), ['apiserver', 'etcd']);
});

test('the audit log is written if requested, and additional flags are passed', async () => {
  const auditID = `test-${randomBytes(8).toString('hex')}`;
  await quiet().call('GET', '/api/v1/nodes', { headers: { 'audit-id': auditID } });
  assert.match(await readFile(join(quiet().folder, 'audit.log'), 'utf8'), new RegExp(auditID));
  assert.match(await readFile(join(quiet().logs, 'kube-apiserver.log'), 'utf8'), /--event-ttl="2h0m0s"/);
});

test('a paused etcd delays a write until it continues', async () => {
  const cluster = quiet();
  const written = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held-back' } };
  cluster.pause('etcd');
  const answer = cluster.call('POST', '/api/v1/namespaces/default/configmaps', { body: written });
  const early = await Promise.race([answer.then(() => 'answered'), sleep(300, 'waiting')]);
  cluster.resume('etcd');
  assert.equal(early, 'waiting');
  assert.equal((await answer).status, 201);
});

test('Jaeger ends and starts again at the same address, without its traces', async () => {
  const cluster = quiet();
  await cluster.end('jaeger');
  await assert.rejects(fetch(`${cluster.backendURL}/api/services`));
  assert.throws(() => cluster.pid('jaeger'), /jaeger is not running/);
  await cluster.launch('jaeger');
  assert.equal((await fetch(`${cluster.backendURL}/api/services`)).status, 200);
});

test('a failed start reports why, and leaves only the logs', async (t) => {
  const failure = await startCluster({ apiserverArgs: ['--no-such-flag'] }).then(
    () => assert.fail('it started'),
    (error: Error) => error.message,
  );
  assert.match(failure, /^the test cluster did not start: kube-apiserver ended with exit status 1: .*--no-such-flag/);
  const logs = /its logs: (.*)$/.exec(failure)![1]!;
  t.after(() => rm(logs, { recursive: true }));
  const log = await readFile(join(logs, 'kube-apiserver.log'), 'utf8');
  assert.match(log, /unknown flag: --no-such-flag/);
  assert.deepEqual((await readdir(logs)).sort(), ['etcd.log', 'jaeger.log', 'kube-apiserver.log']);
});
