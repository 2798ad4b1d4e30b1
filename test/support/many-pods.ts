import type { StoredObject } from './object-server.ts';
import { before, FAULTS, waiting, type Fault } from './pod-faults.ts';

const NODES = 40;
const NAMESPACES = ['shop', 'payments', 'search', 'batch', 'platform-observability-collectors'];

/** Numbers of pods beside the broken ones. */
export const REST = { completed: 100, replaced: 20, progressing: 3 };

/** Kubernetes writes several kilobytes about a pod that nothing here looks at. */
const MANAGED = {
  managedFields: Array.from({ length: 3 }, (_, index) => ({
    manager: `manager-${index}`,
    operation: 'Update',
    fieldsV1: Object.fromEntries(
      Array.from({ length: 100 }, (__, field) => [`f:field-${index}-${field}`, { '.': {} }]),
    ),
  })),
};

interface PodParts {
  readonly name: string;
  readonly index: number;
  readonly ageSeconds: number;
  readonly spec?: object | undefined;
  readonly status: object;
  readonly owner?: { readonly kind: string; readonly name: string } | undefined;
}

function podObject({ name, index, ageSeconds, spec, status, owner }: PodParts): StoredObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: NAMESPACES[index % NAMESPACES.length]!,
      uid: `0a1b2c3d-0000-4000-8000-${String(index).padStart(12, '0')}`,
      labels: { app: name.replace(/-.*/, '') },
      creationTimestamp: before(ageSeconds),
      ...(owner !== undefined && {
        ownerReferences: [{ apiVersion: 'apps/v1', ...owner, uid: `owner-${owner.name}`, controller: true }],
      }),
    },
    spec: {
      nodeName: `node-${index % NODES}`,
      containers: [{ name: 'c', image: 'reg.test/web:1', resources: { limits: { memory: '64Mi' } } }],
      ...spec,
    },
    status: { startTime: before(ageSeconds - 1), conditions: conditions(false, ageSeconds), ...status },
  };
}

const conditions = (ready: boolean, ageSeconds: number): object[] => [
  { type: 'PodScheduled', status: 'True', lastTransitionTime: before(ageSeconds) },
  { type: 'Initialized', status: 'True', lastTransitionTime: before(ageSeconds - 1) },
  { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: before(ageSeconds - (ready ? 5 : 1)) },
];

const readyStatus = (ageSeconds: number): object => ({
  phase: 'Running',
  conditions: conditions(true, ageSeconds),
  containerStatuses: [
    {
      name: 'c',
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: before(ageSeconds - 3) } },
    },
  ],
});

/** Pods as large as those of a real cluster. */
export const withManagedFields = (objects: readonly StoredObject[]): StoredObject[] =>
  objects.map((object) =>
    object.kind === 'Pod' ? { ...object, metadata: { ...object.metadata, ...MANAGED } } : object,
  );

/** Objects of a cluster with this many pods on 40 nodes; with `faults` 60 of them are broken, and some are not alarming. */
export function manyPods(total: number, faults: readonly Fault[] = FAULTS): StoredObject[] {
  const pods: StoredObject[] = [];
  const events: StoredObject[] = [];
  const add = (parts: Omit<PodParts, 'index'>): StoredObject => {
    const pod = podObject({ ...parts, index: pods.length });
    pods.push(pod);
    return pod;
  };
  for (const { name, count, ageSeconds, spec, status, event } of faults) {
    for (let index = 0; index < count; index++) {
      const pod = add({ name: `${name}-${index}`, ageSeconds: ageSeconds + index, spec, status });
      if (event !== undefined) events.push(eventAbout(pod, event));
    }
  }
  if (faults.length > 0) addCalm(add, events);
  while (pods.length < total) {
    const ageSeconds = 86_400 + pods.length;
    add({ name: `web-${pods.length}`, ageSeconds, status: readyStatus(ageSeconds) });
  }
  return [...pods, ...events, ...Array.from({ length: NODES }, (_, index) => nodeObject(`node-${index}`))];
}

/** Pods that are neither ready nor an alarm. */
function addCalm(add: (parts: Omit<PodParts, 'index'>) => StoredObject, events: StoredObject[]): void {
  for (let index = 0; index < REST.completed; index++) {
    const terminated = { exitCode: 0, reason: 'Completed', startedAt: before(3000), finishedAt: before(2990) };
    const status = { phase: 'Succeeded', containerStatuses: [{ name: 'c', restartCount: 0, state: { terminated } }] };
    add({ name: `done-${index}`, ageSeconds: 3005, status });
  }
  const evicted = FAULTS.find(({ name }) => name === 'evicted')!.status;
  for (let index = 0; index < REST.replaced; index++) {
    // One ReplicaSet per namespace: an owner and its pods are in the same one.
    const owner = { kind: 'ReplicaSet', name: 'web-7d9f8c6b5d' };
    add({ name: `web-7d9f8c6b5d-old${index}`, ageSeconds: 9000, status: evicted, owner });
  }
  for (let index = 0; index < NAMESPACES.length; index++) {
    // Another revision of the same Deployment.
    const owner = { kind: 'ReplicaSet', name: 'web-5f6b7c8d9b' };
    add({ name: `web-5f6b7c8d9b-new${index}`, ageSeconds: 8000, status: readyStatus(8000), owner });
  }
  for (let index = 0; index < REST.progressing; index++) {
    const pod = add({ name: `young-${index}`, ageSeconds: 10, status: waiting('ContainerCreating', '') });
    events.push(eventAbout(pod, { type: 'Normal', reason: 'Pulling', message: 'Pulling image "reg.test/web:1"' }));
  }
}

const eventAbout = ({ metadata }: StoredObject, event: NonNullable<Fault['event']>): StoredObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: `${metadata.name}.1`, namespace: metadata.namespace!, uid: `event-${metadata.name}` },
  involvedObject: {
    kind: 'Pod',
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid,
    fieldPath: 'spec.containers{c}',
  },
  firstTimestamp: before(event.type === 'Normal' ? 8 : 300),
  lastTimestamp: before(5),
  count: 20,
  source: { component: 'kubelet' },
  ...event,
});

const nodeObject = (name: string): StoredObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, uid: `uid-${name}` },
  spec: {},
  status: {
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastTransitionTime: before(1_000_000) }],
    images: Array.from({ length: 50 }, (_, index) => ({ names: [`reg.test/image-${index}@sha256:${'0'.repeat(64)}`] })),
  },
});
