import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { executable } from '../lab/cluster/build.ts';
import { startCluster, type TestCluster } from '../lab/cluster/cluster.ts';
import { PodNetwork } from '../lab/cluster/pod-network.ts';
import { freePorts } from '../lab/cluster/ports.ts';
import { Supervision } from '../lab/cluster/supervision.ts';
import { portForward } from '../lab/cluster/versions.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument, type Document } from '../support/schema.ts';

interface World {
  readonly network: PodNetwork;
  readonly cluster: TestCluster;
  /** What has come to Jaeger through the cluster. */
  readonly received: IncomingMessage[];
  /** Called with each of it. */
  onRequest?: (() => Promise<void>) | undefined;
}

const home = cleanHome();
const ends: (() => Promise<unknown> | void)[] = [() => home.remove()];
let started: World | undefined;
const world = (): World => started ?? assert.fail('the servers are there within tests only');

before(async () => {
  const network = await PodNetwork.start();
  ends.push(() => network.stop());
  const [intake, kubelet] = (await freePorts(2)) as [number, number];
  const cluster = await startCluster({
    jaegerBasePath: '/jaeger',
    jaegerArgs: [`--collector.zipkin.host-port=127.0.0.1:${intake}`],
    apiserverArgs: network.apiserverArgs,
  });
  ends.push(() => cluster.stop());
  const received: IncomingMessage[] = [];
  const watched = await watch(cluster.ports.jaeger, received);
  // As Istio's add-on has it: a base path, an intake that looks like Zipkin, and a headless duplicate.
  const namespace = 'istio-system';
  const port = { name: 'http-query', port: 80 };
  await network.deploy(cluster, { namespace, name: 'tracing', labels: { app: 'jaeger' }, port, target: watched });
  await network.deploy(cluster, {
    namespace,
    name: 'tracing-headless',
    labels: { app: 'jaeger' },
    port,
    headless: true,
  });
  await network.deploy(cluster, {
    namespace,
    name: 'zipkin',
    port: { name: 'http-query', port: 9411 },
    target: intake,
  });
  await network.deploy(cluster, { namespace: 'shop', name: 'web', port: { name: 'http', port: 80 } });
  await startKubelet(kubelet, watched, { network, cluster });
  started = { network, cluster, received };
});
after(async () => {
  for (const end of ends.toReversed()) await end();
});

/** What of a kubelet passes port-forwards on, for the node that the pods are said to be on. */
async function startKubelet(
  port: number,
  target: number,
  { network, cluster }: Omit<World, 'received'>,
): Promise<void> {
  const command = await executable(portForward);
  const supervision = await Supervision.begin();
  ends.push(() => supervision.finish());
  const log = join(supervision.folder, 'logs', 'kubelet.log');
  const args = [`127.0.0.1:${port}`, `tracing-0=${target}`];
  await supervision.start({ name: 'kubelet', command, args, env: process.env, log });
  network.route(`127.0.0.1:${port}`, port);
  const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];
  const status = { addresses, daemonEndpoints: { kubeletEndpoint: { Port: port } } };
  const patched = await cluster.call('PATCH', '/api/v1/nodes/demo-node/status', {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { status },
  });
  assert.equal(patched.status, 200, patched.body);
}

/** The sockets that the commands of this test listen on, by Linux. */
async function listening(): Promise<string[]> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')));
  const rows = tables.flatMap((table) => table.split('\n').map((row) => row.trim().split(/\s+/)));
  const inodes = new Set(rows.filter((row) => row[3] === '0A').map((row) => `socket:[${row[9]}]`));
  const sockets: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (!environment.split('\0').includes(`HOME=${home.path}`)) continue;
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const opened = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      if (opened.startsWith('socket:')) sockets.push(inodes.has(opened) ? `${pid} listens` : `${pid} is connected`);
    }
  }
  return sockets;
}

/** Something before a server that keeps what is asked of it. */
async function watch(target: number, received: IncomingMessage[]): Promise<number> {
  const passOn = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    received.push(incoming);
    // The command waits for the response meanwhile.
    await started?.onRequest?.();
    const { method = 'GET', url = '/', headers } = incoming;
    const onward = request({ host: '127.0.0.1', port: target, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  };
  const server = createServer((incoming, response) => void passOn(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const memory = join(home.path, '.local', 'state', 'kubectl-trace', 'backends.json');
beforeEach(() => {
  rmSync(memory, { force: true });
  world().received.length = 0;
});

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
  kubectlTrace(home.path, args, { env: { KUBECONFIG: world().cluster.kubeconfig, ...env } });

async function document(args: readonly string[], code = 0): Promise<Document> {
  const outcome = await run([...args, '-o', 'json']);
  assert.equal(outcome.code, code, outcome.stderr);
  return parseDocument(outcome.stdout);
}

const proxied = (): string =>
  `${world().cluster.server}/api/v1/namespaces/istio-system/services/http:tracing:80/proxy/jaeger`;

suite('without --backend, the backend in the cluster', () => {
  test('is found behind its Service, and decoys are not', async () => {
    const { verdict, backend } = await document(['get', 'nodes', '--context', 'admin']);
    assert.equal(verdict, 'complete');
    assert.deepEqual([backend?.kind, backend?.url], ['jaeger', proxied()]);
  });

  test('is queried without cluster credentials, and unsampled', async () => {
    await document(['get', 'nodes', '--context', 'masters']);
    const { received, cluster } = world();
    assert.ok(received.length > 0);
    for (const { headers } of received) {
      assert.equal(headers.authorization, undefined);
      assert.doesNotMatch(JSON.stringify(headers), new RegExp(cluster.token('masters')));
      assert.match(String(headers['traceparent'] ?? '-00'), /-00$/);
    }
  });

  test('is cached for the context, in a file private to the user, until it is detected again', async () => {
    await document(['get', 'nodes', '--context', 'admin']);
    assert.equal(statSync(memory).mode & 0o777, 0o600);
    assert.ok(readFileSync(memory, 'utf8').includes(proxied()));
    world().received.length = 0;
    await document(['get', 'nodes', '--context', 'admin']);
    const asked = world().received.map(({ url = '' }) => url);
    assert.ok(!asked.some((url) => url.startsWith('/api/')), 'only below /jaeger, where it was');
    world().received.length = 0;
    await document(['get', 'nodes', '--context', 'admin', '--backend', 'auto']);
    assert.ok(world().received.some(({ url = '' }) => url.startsWith('/api/services')));
  });

  test('is detected again if it no longer exists', async () => {
    await document(['get', 'nodes', '--context', 'admin']);
    const text = readFileSync(memory, 'utf8').replaceAll('http:tracing:80', 'http:gone:80');
    writeFileSync(memory, text);
    const { backend } = await document(['get', 'nodes', '--context', 'admin']);
    assert.equal(backend?.url, proxied());
  });

  test('shows a trace again, by its ID, by its URL, and from the history', async () => {
    const { requests, backend } = await document(['get', 'nodes', '--context', 'admin']);
    const id = requests.at(-1)?.lookup?.traceID ?? '';
    for (const what of [id, backend?.traceURL ?? '']) {
      const again = await document(['show', what, '--wait', '0', '--context', 'admin', '--no-history']);
      assert.equal(again.command.traceID, id);
      assert.equal(again.backend?.url, proxied());
    }
  });

  test('is not detected if --backend is given', async () => {
    const { cluster } = world();
    const { backend } = await document(['get', 'nodes', '--backend', cluster.backendURL]);
    assert.equal(backend?.url, cluster.backendURL);
    assert.deepEqual(world().received, []);
  });
});

/** Allows a user something, in a namespace or everywhere. */
async function grant(user: string, namespace: string | null, rules: readonly object[]): Promise<void> {
  const group = 'rbac.authorization.k8s.io';
  const path = `/apis/${group}/v1${namespace === null ? '' : `/namespaces/${namespace}`}`;
  const [role, binding] = namespace === null ? ['ClusterRole', 'clusterrolebindings'] : ['Role', 'rolebindings'];
  const name = `test-${user}`;
  const { cluster } = world();
  const roles = role === 'Role' ? 'roles' : 'clusterroles';
  for (const [at, object] of [
    [roles, { metadata: { name }, rules }],
    [
      binding,
      {
        metadata: { name },
        roleRef: { apiGroup: group, kind: role, name },
        subjects: [{ apiGroup: group, kind: 'User', name: user }],
      },
    ],
  ] as const) {
    const { status, body } = await cluster.call('POST', `${path}/${at}`, { body: object });
    assert.ok(status === 201 || status === 409, body);
  }
}

const core = (resources: readonly string[], verbs: readonly string[]): object => ({
  apiGroups: [''],
  resources,
  verbs,
});

suite('a user without permission to', () => {
  test('list Services anywhere gets an error with the missing permission', async () => {
    const { code, stderr } = await run(['get', '--raw', '/version', '--context', 'nobody']);
    assert.equal(code, 5);
    assert.match(stderr, /the request succeeded, but no trace backend is configured/);
    assert.match(stderr, /^hint: .*the verb list on services/m);
  });

  test('use the service proxy gets an error with the missing permission, for each way of access', async () => {
    await grant('nobody', null, [core(['services'], ['list'])]);
    const { code, stdout, stderr } = await run(['get', '--raw', '/version', '--context', 'nobody', '-o', 'json']);
    assert.equal(code, 5);
    assert.equal(parseDocument(stdout).error?.reason, 'NoBackend');
    assert.match(stderr, /tracing in istio-system, port 80: no port-forward to tracing/);
    assert.match(stderr, /^hint: a port-forward needs get on services, .*pods\/portforward in namespace istio-system/m);
    const byProxy = await run(['get', '--raw', '/version', '--context', 'nobody', '--via', 'proxy']);
    assert.match(
      byProxy.stderr,
      /services "http:tracing:80" is forbidden: User "nobody" cannot get resource "services\/proxy"/,
    );
    assert.match(
      byProxy.stderr,
      /^hint: .*services\/proxy in namespace istio-system \(resourceNames: http:tracing:80\)/m,
    );
  });

  test('list all namespaces finds the backend in a known namespace', async () => {
    await grant('monitoring-only', 'istio-system', [core(['services'], ['list']), core(['services/proxy'], ['get'])]);
    const { code, stdout, stderr } = await run([
      'get',
      '--raw',
      '/version',
      '--context',
      'masters',
      '--as',
      'monitoring-only',
      '-o',
      'json',
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(parseDocument(stdout).backend?.url, proxied());
  });
});

suite('a detected backend gets no credentials', () => {
  const secrets = {
    KUBECTL_TRACE_BACKEND_HEADER: 'X-Secret: s3cret',
    KUBECTL_TRACE_BACKEND_USERNAME: 'me',
    KUBECTL_TRACE_BACKEND_PASSWORD: 's3cret',
  };
  for (const via of [[], ['--via', 'port-forward']]) {
    test(`from the environment ${via.join(' ')}`, async () => {
      const { code, stdout, stderr } = await run(['get', 'nodes', '--context', 'admin', '-o', 'json', ...via], secrets);
      assert.equal(code, 0, stderr);
      assert.equal(parseDocument(stdout).backend?.url, proxied());
      assert.match(stderr, /^note: credentials for the trace backend are not sent to a Service that was discovered/m);
      const { received } = world();
      assert.ok(received.length > 0);
      for (const { headers } of received) {
        assert.deepEqual([headers.authorization, headers['x-secret']], [undefined, undefined]);
      }
    });
  }

  test('from the command line: no request is sent', async () => {
    const args = ['get', 'nodes', '--context', 'admin', '--backend-header', 'X-Secret: $S'];
    const { code, stderr } = await run(args, { S: 's3cret' });
    assert.equal(code, 2);
    assert.match(stderr, /sent only to a backend that is named/);
    assert.deepEqual(world().received, []);
  });

  test("a tenant's Service with the likeliest name is neither queried nor chosen", async () => {
    const { network, cluster } = world();
    const tenant: IncomingMessage[] = [];
    const target = await watch(cluster.ports.jaeger, tenant);
    const port = { name: 'http-query', port: 16686 };
    await network.deploy(cluster, {
      namespace: 'tenant',
      name: 'jaeger-query',
      labels: { app: 'jaeger' },
      port,
      target,
    });
    const { code, stdout, stderr } = await run(['get', 'nodes', '--context', 'admin']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /in jaeger \(service tracing in istio-system\)/);
    assert.deepEqual(tenant, []);
    await cluster.call('DELETE', '/api/v1/namespaces/tenant/services/jaeger-query');
  });
});

suite('through a port-forward', () => {
  test('the same backend is found and queried', async () => {
    const { verdict, backend } = await document(['get', 'nodes', '--context', 'admin', '--via', 'port-forward']);
    assert.equal(verdict, 'complete');
    assert.equal(backend?.url, proxied(), 'which is its name, whatever the way');
    assert.match(readFileSync(memory, 'utf8'), /"via":"port-forward"/);
    for (const { headers } of world().received) assert.equal(headers.authorization, undefined);
  });

  test('no local port is opened', async () => {
    const during: string[] = [];
    world().onRequest = async () => void during.push(...(await listening()));
    await document(['get', 'nodes', '--context', 'admin', '--via', 'port-forward']);
    world().onRequest = undefined;
    assert.ok(
      during.some((one) => one.endsWith('is connected')),
      'its sockets were looked at',
    );
    assert.deepEqual(
      during.filter((one) => one.endsWith('listens')),
      [],
    );
  });

  test('an explicit Service gets credentials, not visible to the API server', async () => {
    const args = ['get', 'nodes', '--context', 'admin', '--backend', 'istio-system/tracing', '-o', 'json'];
    const { code, stdout, stderr } = await run(args, { KUBECTL_TRACE_BACKEND_HEADER: 'Authorization: Bearer s3cret' });
    assert.equal(code, 0, stderr);
    assert.equal(parseDocument(stdout).verdict, 'complete');
    assert.equal(parseDocument(stdout).backend?.url, proxied());
    const { received } = world();
    assert.ok(received.length > 0 && received.every(({ headers }) => headers.authorization === 'Bearer s3cret'));
  });

  test('the backend is found even if the service proxy is forbidden', async () => {
    await grant('forwarder', null, [
      core(['services'], ['get', 'list']),
      core(['pods/portforward'], ['get', 'create']),
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list'] },
    ]);
    const args = ['get', '--raw', '/version', '--context', 'masters', '--as', 'forwarder', '-o', 'json'];
    const { code, stdout, stderr } = await run(args);
    assert.equal(code, 0, stderr);
    assert.equal(parseDocument(stdout).backend?.url, proxied());
    assert.match(readFileSync(memory, 'utf8'), /"via":"port-forward"/);
  });
});

test('credentials for a backend are not sent to the API server', async () => {
  const { code, stderr } = await run(['get', 'nodes', '--via', 'proxy', '--backend', 'istio-system/tracing'], {
    KUBECTL_TRACE_BACKEND_HEADER: 'Authorization: Bearer s3cret',
  });
  assert.equal(code, 2);
  assert.match(stderr, /credentials for the trace backend do not go through the API server/);
  assert.doesNotMatch(stderr, /s3cret/);
  const tenant = await document(['get', 'nodes', '--backend-tenant', 'team-a', '--context', 'admin']);
  assert.equal(tenant.backend?.kind, 'jaeger');
  assert.ok(world().received.every(({ headers }) => headers['x-tenant'] === 'team-a'));
});
