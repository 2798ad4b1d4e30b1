import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { executable } from '../lab/cluster/build.ts';
import { serverEnvironment } from '../lab/cluster/commands.ts';
import { nodePrograms } from '../lab/cluster/node/versions.ts';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';

/**
 * The real scheduler on nodes that exist in the API alone: what it refuses, and what the command makes of it. No kubelet
 * runs, so that a pod that is bound stays as it is, and one that is deleted goes on terminating.
 */
const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

async function call(method: string, path: string, body?: unknown): Promise<string> {
  const type = method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : undefined;
  const answer = await cluster().call(method, path, { body, ...(type !== undefined && { headers: type }) });
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.body}`);
  return answer.body;
}

const NAMESPACE = 'lab';
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;

async function makeNode(name: string, spec: object, labels: object = {}): Promise<void> {
  const capacity = { cpu: '4', memory: '8Gi', pods: '20' };
  await call('POST', '/api/v1/nodes', {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec,
  });
  const status = { capacity, allocatable: capacity, conditions: [{ type: 'Ready', status: 'True' }] };
  await call('PATCH', `/api/v1/nodes/${name}/status`, { status });
  // Admission taints a new node as not ready, and no controller runs that would take the taint away.
  await call('PATCH', `/api/v1/nodes/${name}`, { spec: { taints: null, ...spec } });
}

async function nodeNames(): Promise<readonly string[]> {
  const { items } = JSON.parse(await call('GET', '/api/v1/nodes')) as { items: { metadata: { name: string } }[] };
  return items.map(({ metadata }) => metadata.name);
}

async function makePod(name: string, spec: object = {}, labels: object = {}): Promise<void> {
  await call('POST', PODS, {
    metadata: { name, labels },
    spec: { containers: [{ name: 'app', image: 'registry.test/lab:1' }], ...spec },
  });
}

interface Seen {
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly nominatedNodeName?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

async function until(name: string, holds: (pod: Seen) => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const body = await call('GET', `${PODS}/${name}`);
    if (holds(JSON.parse(body) as Seen)) return;
    assert.ok(Date.now() < deadline, body);
    await sleep(50);
  }
}

const isRefused = ({ status }: Seen): boolean =>
  status.conditions?.some(({ type, status: value }) => type === 'PodScheduled' && value === 'False') === true;
const isBound = ({ spec }: Seen): boolean => spec.nodeName !== undefined;

interface Verdict {
  readonly state: string;
  readonly reason: string | null;
  readonly message: string;
  readonly waitingFor: { readonly kind: string; readonly name: string };
}

async function verdictOf(name: string, ...more: string[]): Promise<Verdict> {
  // A claim may be about to be bound, and a preempted pod about to end: both have to last.
  const args = ['pod', name, '-n', NAMESPACE, '-o', 'json', '--until-stuck', '1ms', ...more];
  const { stdout, stderr, code } = await kubectlTrace(home.path, args, {
    env: { KUBECONFIG: cluster().kubeconfig },
  });
  assert.equal(code, 6, stderr);
  return (JSON.parse(stdout) as { verdict: Verdict }).verdict;
}

let preparation: Promise<void> | undefined;

/** Once, by the first test: the cluster runs within tests only. */
const prepared = (): Promise<void> => (preparation ??= prepare());

async function prepare(): Promise<void> {
  const program = nodePrograms.find(({ name }) => name === 'kube-scheduler');
  assert.ok(program !== undefined);
  const { folder, logs, supervision } = cluster();
  const kubeconfig = join(folder, 'scheduler.kubeconfig');
  await writeFile(kubeconfig, cluster().kubeconfigOf('system:kube-scheduler', []), { mode: 0o600 });
  await supervision.start({
    name: 'kube-scheduler',
    command: await executable(program),
    args: [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0'],
    env: serverEnvironment({}),
    log: join(logs, 'kube-scheduler.log'),
  });
  await call('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  // A node of the test cluster that is never Ready.
  for (const name of await nodeNames()) await call('DELETE', `/api/v1/nodes/${name}`);
  await makeNode('wk-1', {}, { zone: 'a', rack: 'r1' });
  await makeNode('wk-2', { taints: [{ key: 'team', value: 'b', effect: 'NoSchedule' }] }, { zone: 'b' });
  await makeNode('wk-3', {
    unschedulable: true,
    taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }],
  });
  await makePod(
    'holder',
    { containers: [{ name: 'app', image: 'a', ports: [{ containerPort: 8443, hostPort: 8443 }] }] },
    { app: 'db' },
  );
  await until('holder', isBound);
  await makeObjects();
}

const antiAffinity = (app: string) => ({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app } }, topologyKey: 'kubernetes.io/hostname' },
      ],
    },
  },
});
const container = (more: object) => ({ containers: [{ name: 'app', image: 'a', ...more }] });
const claim = (name: string) => ({ volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }] });

/** What is made, what it waits for, and what the message has to say. */
const REFUSED: readonly (readonly [name: string, spec: object, waitsFor: string, says: readonly RegExp[]])[] = [
  [
    'port',
    container({ ports: [{ containerPort: 8443, hostPort: 8443 }] }),
    'port 8443',
    [/^0 of 3 nodes fit: 1 node\(s\) didn't have free ports .*\(held by holder on wk-1\)/],
  ],
  [
    'anti-affinity',
    antiAffinity('db'),
    'anti-affinity app=db by kubernetes.io/hostname',
    [/conflicts with holder on wk-1/],
  ],
  [
    'cpu',
    container({ resources: { requests: { cpu: '64' } } }),
    'resource cpu',
    [/requests 64 cpu, and the largest node has 4 cpu/],
  ],
  ['gpu', container({ resources: { limits: { 'lab.test/gpu': '1' } } }), 'resource lab.test/gpu', [/no node has any/]],
  ['selector', { nodeSelector: { disk: 'nvme' } }, 'label disk=nvme', [/didn't match Pod's node affinity\/selector/]],
  [
    'spread',
    {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'room',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { app: 'x' } },
        },
      ],
    },
    'label room',
    [/missing required label/],
  ],
  ['no-claim', claim('absent'), 'persistentvolumeclaim absent', [/persistentvolumeclaim "absent" not found/]],
  ['unbound', claim('slow'), 'persistentvolumeclaim slow', [/pod has unbound immediate PersistentVolumeClaims/]],
  ['no-class', claim('classless'), 'persistentvolumeclaim classless', [/unbound immediate/]],
  [
    'devices',
    { resourceClaims: [{ name: 'gpu', resourceClaimName: 'gpu' }] },
    'resourceclaim gpu',
    [/cannot allocate all claims/],
  ],
  [
    'never',
    { ...container({ resources: { requests: { cpu: '64' } } }), preemptionPolicy: 'Never', priorityClassName: 'never' },
    'resource cpu',
    [/preemptionPolicy is Never/],
  ],
];

async function makeObjects(): Promise<void> {
  const claims = `/api/v1/namespaces/${NAMESPACE}/persistentvolumeclaims`;
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  await call('POST', '/apis/storage.k8s.io/v1/storageclasses', {
    metadata: { name: 'slow' },
    provisioner: 'lab.test/none',
  });
  await call('POST', claims, { metadata: { name: 'slow' }, spec: { ...spec, storageClassName: 'slow' } });
  await call('POST', claims, { metadata: { name: 'classless' }, spec: { ...spec, storageClassName: 'absent' } });
  await call('POST', '/apis/resource.k8s.io/v1/deviceclasses', { metadata: { name: 'gpu' }, spec: {} });
  await call('POST', `/apis/resource.k8s.io/v1/namespaces/${NAMESPACE}/resourceclaims`, {
    metadata: { name: 'gpu' },
    spec: { devices: { requests: [{ name: 'gpu', exactly: { deviceClassName: 'gpu' } }] } },
  });
  await call('POST', '/apis/scheduling.k8s.io/v1/priorityclasses', {
    metadata: { name: 'never' },
    value: 10,
    preemptionPolicy: 'Never',
  });
}

suite('the real scheduler rejects a pod', () => {
  for (const [name, spec, waitsFor, says] of REFUSED) {
    test(`${name}: waits for ${waitsFor}`, async () => {
      await prepared();
      await makePod(name, spec, { app: name });
      await until(name, isRefused);
      const { state, reason, waitingFor, message } = await verdictOf(name);
      assert.deepEqual([state, reason], ['stuck', 'Unschedulable']);
      assert.equal(`${waitingFor.kind} ${waitingFor.name}`, waitsFor, message);
      for (const words of says) assert.match(message, words);
    });
  }

  test('every node is counted once', async () => {
    await prepared();
    const { message } = await verdictOf('cpu');
    const counts = message.split('; preemption')[0]?.match(/(?<=[:;] )\d+(?= )/g) ?? [];
    assert.equal(
      counts.reduce((sum, count) => sum + Number(count), 0),
      3,
      message,
    );
  });

  test('preemption: the terminating pod on the nominated node is named', async () => {
    await prepared();
    await call('POST', '/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: 'high' }, value: 1000 });
    await makePod('low', {
      ...container({ resources: { requests: { cpu: '3' } } }),
      terminationGracePeriodSeconds: 600,
    });
    await until('low', isBound);
    await makePod('urgent', { ...container({ resources: { requests: { cpu: '3' } } }), priorityClassName: 'high' });
    await until('urgent', ({ status }) => status.nominatedNodeName !== undefined);
    await until('urgent', isRefused);
    const { state, waitingFor, message } = await verdictOf('urgent');
    assert.equal(state, 'stuck');
    assert.deepEqual(waitingFor, { kind: 'node', name: 'wk-1' });
    assert.match(message, /preemption is in progress: waiting for low on wk-1 to terminate/);
  });

  test('existing anti-affinity: the pod with the rule is named', async () => {
    await prepared();
    await makePod('lonely', {
      ...antiAffinity('crowd'),
      tolerations: [{ key: 'team', operator: 'Exists' }],
      nodeSelector: { zone: 'b' },
    });
    await until('lonely', isBound);
    await makePod(
      'crowd',
      { nodeSelector: { zone: 'b' }, tolerations: [{ key: 'team', operator: 'Exists' }] },
      { app: 'crowd' },
    );
    await until('crowd', isRefused);
    const { waitingFor, message } = await verdictOf('crowd');
    assert.deepEqual(waitingFor, { kind: 'anti-affinity', name: 'of lonely' });
    assert.match(message, /conflicts with lonely on wk-2/);
  });

  test('a pod with a missing claim is not queued: the scheduler sends no event, and the claim is named', async () => {
    await prepared();
    await makePod('no-device-claim', { resourceClaims: [{ name: 'gpu', resourceClaimName: 'none' }] });
    const { waitingFor, message } = await verdictOf('no-device-claim', '--until-stuck', '1ms');
    assert.deepEqual(waitingFor, { kind: 'resourceclaim', name: 'none' });
    assert.match(message, /does not queue a pod before its ResourceClaims exist: none/);
  });

  test('a scheduling gate is the reason, and no node is considered', async () => {
    await prepared();
    await makePod('gated', { schedulingGates: [{ name: 'lab.test/admit' }] });
    const { reason, waitingFor } = await verdictOf('gated');
    assert.equal(reason, 'SchedulingGated');
    assert.deepEqual(waitingFor, { kind: 'gate', name: 'lab.test/admit' });
  });
});
