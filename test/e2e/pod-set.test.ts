import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parsePodDocument } from '../support/schema.ts';

/** A real API server without a node: the tests write what a kubelet would have written. */
const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

/** The pods are on a node that does not exist, which is nothing to report before --until-stuck. */
const run = (...args: string[]): Promise<Outcome> =>
  kubectlTrace(home.path, ['pod', ...args, '--until-stuck', '1h'], { env: { KUBECONFIG: cluster().kubeconfig } });

async function call(method: string, path: string, body: object, contentType = 'application/json'): Promise<void> {
  const response = await cluster().call(method, path, { headers: { 'content-type': contentType }, body });
  assert.ok(response.status < 300, response.body);
}

const createNamespace = (name: string): Promise<void> =>
  call('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

const createPod = (namespace: string, name: string): Promise<void> =>
  call('POST', `/api/v1/namespaces/${namespace}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name.replace(/-.*/, '') } },
    spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'registry.test/web:1' }] },
  });

const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

const report = (namespace: string, name: string, status: object): Promise<void> =>
  call(
    'PATCH',
    `/api/v1/namespaces/${namespace}/pods/${name}/status`,
    { status: { startTime: now(), ...status } },
    'application/merge-patch+json',
  );

const containerStatus = (ready: boolean, state: object): object => ({
  containerStatuses: [{ name: 'c', image: 'i', imageID: 'i', ready, started: ready, restartCount: 0, state }],
});

const reportReady = (namespace: string, name: string): Promise<void> =>
  report(namespace, name, {
    phase: 'Running',
    conditions: ['PodScheduled', 'Initialized', 'Ready'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime: now(),
    })),
    ...containerStatus(true, { running: { startedAt: now() } }),
  });

const reportPull = (namespace: string, name: string): Promise<void> =>
  report(namespace, name, containerStatus(false, { waiting: { reason: 'ErrImagePull', message: 'not found' } }));

/** Creates pods a few at a time. */
async function createPods(namespace: string, names: readonly string[]): Promise<void> {
  const left = [...names];
  const worker = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      await createPod(namespace, name);
      await (name.startsWith('pull') ? reportPull(namespace, name) : reportReady(namespace, name));
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

suite('kubectl trace pod: several pods of a real API server', () => {
  test('that come in two pages, with those that are not well in one table', async () => {
    await createNamespace('pages');
    await createPods('pages', ['pull-0', 'pull-1', ...Array.from({ length: 518 }, (_, index) => `web-${index}`)]);
    const { code, stdout, stderr } = await run('-n', 'pages', '-o', 'json');
    assert.equal(code, 6, stderr);
    const { pods, set, requests } = parsePodDocument(stdout);
    assert.deepEqual(set?.counts, { succeeded: 0, ready: 518, progressing: 0, stuck: 2, failed: 0 });
    assert.deepEqual(pods.map(({ name, verdict }) => `${name} ${verdict.reason}`).toSorted(), [
      'pull-0 ImagePull',
      'pull-1 ImagePull',
    ]);
    assert.deepEqual(requests, []);
    const selected = await run('-n', 'pages', '-l', 'app=web');
    assert.deepEqual([selected.code, selected.stdout], [0, 'all 518 pods in pages with app=web are ready\n']);
    const field = await run('-n', 'pages', '--field-selector', 'metadata.name=pull-0');
    assert.equal(field.code, 6, field.stderr);
    assert.match(field.stdout, /^1 of 1 pod in pages with metadata\.name=pull-0 is not well: 1 ImagePull\n/);
  });

  test('of all namespaces, by name, and of a Service', async () => {
    await createNamespace('shop');
    await createPods('shop', ['pull-0', 'web-0']);
    await call('POST', '/api/v1/namespaces/shop/services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    });
    await call('POST', '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices', {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: 'IPv4',
      metadata: { name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [
        {
          addresses: ['10.0.0.1'],
          conditions: { ready: true },
          targetRef: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
        },
      ],
      ports: [{ port: 80 }],
    });
    const all = await run('-A');
    assert.equal(all.code, 6, all.stderr);
    assert.match(all.stdout, /\nshop +pull-0 +ImagePull +stuck /);
    const named = await run('web-0', 'pull-0', 'absent', '-n', 'shop');
    assert.equal(named.code, 1);
    assert.match(named.stdout, /\npull-0 +ImagePull +stuck [^\n]*\nweb-0 +- +ready /);
    assert.match(named.stderr, /^Error from server \(NotFound\): pods "absent" not found\n/);
    const service = await run('svc/web', '-n', 'shop');
    assert.deepEqual(
      [service.code, service.stdout],
      [0, 'the only pod of service/web in shop is ready\n1 of 1 endpoint is ready\n'],
    );
  });

  test('that this user may not list: an error in kubectl’s words', async () => {
    const { code, stdout, stderr } = await run('-A', '--as', 'nobody');
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(
      stderr,
      /^Error from server \(Forbidden\): pods is forbidden: User "nobody" cannot list resource "pods"/,
    );
  });
});
