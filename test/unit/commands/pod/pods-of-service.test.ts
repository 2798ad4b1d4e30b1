import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { manyPods } from '../../../support/many-pods.ts';
import type { StoredObject } from '../../../support/object-server.ts';
import { openMachine, type CaseOutcome } from '../../../support/pod-case.ts';
import { FAULTS, MANY_PODS_NOW } from '../../../support/pod-faults.ts';
import { parsePodDocument } from '../../../support/schema.ts';

const service = (spec: object): StoredObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec,
});

interface Endpoint {
  readonly address: string;
  readonly ready?: boolean;
  readonly pod?: string;
}

const slice = (name: string, endpoints: readonly Endpoint[]): StoredObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
  endpoints: endpoints.map(({ address, ready, pod }) => ({
    addresses: [address],
    conditions: ready === undefined ? {} : { ready },
    ...(pod !== undefined && { targetRef: { kind: 'Pod', namespace: 'shop', name: pod } }),
  })),
});

/** `pull-0` and the pods `web-*` are in the namespace of the Service. */
const PODS = manyPods(30, [{ ...FAULTS[0]!, count: 1 }]).map((object) =>
  object.kind === 'Pod'
    ? { ...object, metadata: { ...object.metadata, namespace: 'shop', labels: { app: 'web' } } }
    : object,
);

async function runPod(t: TestContext, objects: readonly StoredObject[], ...args: string[]): Promise<CaseOutcome> {
  const cluster = { now: MANY_PODS_NOW, clientClockAheadSeconds: 0, target: '', objects };
  const { run } = await openMachine(t, cluster, { isStill: true });
  return run(['pod', ...args, '-n', 'shop']);
}

suite('pod svc/NAME', () => {
  test('has the pods of the selector, and says how many of its endpoints are ready', async (t) => {
    // A pod with two address families is one endpoint; without a condition it counts as ready.
    const slices = [
      slice('web-1', [
        { address: '10.0.0.1', ready: true, pod: 'web-20' },
        { address: '10.0.0.2', pod: 'web-21' },
        { address: '10.0.0.3', ready: false, pod: 'pull-0' },
      ]),
      slice('web-2', [{ address: 'fd00::1', ready: true, pod: 'web-20' }]),
    ];
    const objects = [...PODS, service({ selector: { app: 'web' } }), ...slices];
    const { exitCode, stdout } = await runPod(t, objects, 'svc/web');
    assert.equal(exitCode, 6);
    assert.match(
      stdout,
      /^1 of \d+ pods of service\/web in shop is not well: 1 ImagePull\n1 stuck, [^\n]*\n2 of 3 endpoints are ready\n/,
    );
    const { set, subject } = parsePodDocument((await runPod(t, objects, 'services/web', '-o', 'json')).stdout);
    assert.deepEqual(set?.service, { selector: 'app=web', endpoints: 3, readyEndpoints: 2 });
    assert.deepEqual(subject, { kind: 'service', namespace: 'shop', name: 'web' });
  });

  test('without a selector it has the pods of its EndpointSlices', async (t) => {
    const slices = slice('web-1', [
      { address: '10.0.0.3', ready: false, pod: 'pull-0' },
      { address: '192.0.2.7', ready: true },
    ]);
    const { exitCode, stdout } = await runPod(t, [...PODS, service({}), slices], 'service/web');
    assert.equal(exitCode, 6);
    assert.match(stdout, /^1 of 1 pod of service\/web in shop is not well: 1 ImagePull\n1 of 2 endpoints is ready\n/);
  });

  test('that selects nothing is reported with its selector', async (t) => {
    const { exitCode, stdout } = await runPod(t, [...PODS, service({ selector: { app: 'absent' } })], 'svc/web');
    assert.equal(exitCode, 0);
    assert.equal(
      stdout,
      'no pods of service/web in shop\nit has no endpoints: no pod matches its selector app=absent\n',
    );
  });

  test('that is an alias of a host is refused', async (t) => {
    const alias = service({ type: 'ExternalName', externalName: 'db.example.com' });
    const { exitCode, stderr } = await runPod(t, [...PODS, alias], 'svc/web');
    assert.equal(exitCode, 2);
    assert.match(stderr, /^error: service\/web has no pods: it is an alias of db\.example\.com\n/);
  });

  test('that does not exist is an error in kubectl’s words', async (t) => {
    const { exitCode, stderr } = await runPod(t, PODS, 'svc/web');
    assert.equal(exitCode, 1);
    assert.match(stderr, /^Error from server \(NotFound\): services "web" not found\n/);
  });
});
