import type { TestCluster } from '../cluster/cluster.ts';

/** A pod of the control plane, as kubeadm's manifests make it. */
export interface PodSpec {
  readonly component: 'kube-apiserver' | 'etcd';
  /** Tag of its image. */
  readonly tag: string;
  /** Words after the program's name. */
  readonly flags: readonly string[];
  /** Folders of the node that are mounted. */
  readonly mounts: readonly string[];
  /** Why its container waits; without it, it runs. */
  readonly waiting?: string;
}

export const CONTROL_PLANE_NODE = 'control-plane-1';

/** Creates the node of the control plane; its kubelet listens on this port of loopback. */
export async function createNode(cluster: TestCluster, port: number): Promise<void> {
  const metadata = { name: CONTROL_PLANE_NODE, labels: { 'node-role.kubernetes.io/control-plane': '' } };
  await send(cluster, 'POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata }, 201);
  const status = {
    addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
  };
  await patch(cluster, `/api/v1/nodes/${CONTROL_PLANE_NODE}/status`, { status });
}

/** Replaces the pods of kube-system by these. */
export async function replacePods(cluster: TestCluster, pods: readonly PodSpec[]): Promise<void> {
  const path = '/api/v1/namespaces/kube-system/pods';
  const { items } = JSON.parse((await cluster.call('GET', path)).body) as { items: { metadata: { name: string } }[] };
  for (const { metadata } of items) {
    await send(cluster, 'DELETE', `${path}/${metadata.name}?gracePeriodSeconds=0`, undefined, 200);
  }
  const names = new Map<string, number>();
  for (const pod of pods) {
    const number = (names.get(pod.component) ?? 0) + 1;
    names.set(pod.component, number);
    const name = `${pod.component}-control-plane-${number}`;
    await send(cluster, 'POST', path, manifest(name, pod), 201);
    const state = pod.waiting === undefined ? { running: {} } : { waiting: { reason: pod.waiting } };
    const containerStatuses = [
      { name: pod.component, state, image: '', imageID: '', ready: pod.waiting === undefined, restartCount: 0 },
    ];
    await patch(cluster, `${path}/${name}/status`, { status: { phase: 'Running', containerStatuses } });
  }
}

function manifest(name: string, { component, tag, flags, mounts }: PodSpec): object {
  const volumes = mounts.map((path, index) => ({ name: `volume-${index}`, hostPath: { path } }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'kube-system',
      labels: { component, tier: 'control-plane' },
      annotations: {
        'kubernetes.io/config.mirror': 'hash',
        ...(component === 'kube-apiserver' && {
          'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': '127.0.0.1:6443',
        }),
      },
    },
    spec: {
      nodeName: CONTROL_PLANE_NODE,
      hostNetwork: true,
      containers: [
        {
          name: component,
          image: `registry.k8s.io/${component}:${tag}`,
          command: [component, ...flags],
          volumeMounts: mounts.map((path, index) => ({ name: `volume-${index}`, mountPath: path, readOnly: true })),
        },
      ],
      volumes,
    },
  };
}

async function send(
  cluster: TestCluster,
  method: string,
  path: string,
  body: object | undefined,
  expected: number,
): Promise<void> {
  const { status, body: text } = await cluster.call(method, path, { body });
  if (status !== expected) throw new Error(`${method} ${path}: ${status} ${text}`);
}

async function patch(cluster: TestCluster, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/strategic-merge-patch+json' };
  const { status, body: text } = await cluster.call('PATCH', path, { body, headers });
  if (status !== 200) throw new Error(`PATCH ${path}: ${status} ${text}`);
}
