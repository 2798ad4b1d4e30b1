import { setTimeout as sleep } from 'node:timers/promises';
import type { TestNode } from '../cluster/node/node.ts';
import type { BackendAnswer, ServerAnswer, Snapshot } from './fixture.ts';
import { withoutMachine } from './machine.ts';
import type { OwnerReference, PodObject } from './seen.ts';
import type { Told } from './tell.ts';

interface ListOf<Item> {
  readonly items: readonly Item[];
}

const workloads = ['deployments', 'replicasets', 'statefulsets', 'daemonsets'];
/** Several export delays of every server. */
const quietMillis = 1_500;

/** Everything that the API server and Jaeger say about a story now. */
export async function capture(node: TestNode, told: Told): Promise<Snapshot> {
  const asked = new Questions(node);
  const namespace = `/api/v1/namespaces/${told.subject.namespace}`;
  const { items: pods } = await asked.get<ListOf<PodObject>>(`${namespace}/pods`);
  await asked.get(`${namespace}/events`);
  for (const resource of ['persistentvolumeclaims', 'configmaps', 'resourcequotas', 'serviceaccounts']) {
    await asked.get(`${namespace}/${resource}`);
  }
  for (const resource of workloads) await asked.get(`/apis/apps/v1/namespaces/${told.subject.namespace}/${resource}`);
  await asked.get(`/apis/batch/v1/namespaces/${told.subject.namespace}/jobs`);
  await asked.get('/api/v1/nodes');

  await asked.get(told.subject.path);
  const uids = new Set([told.subject.uid]);
  for (const pod of pods) {
    await asked.get(`${namespace}/pods/${pod.metadata.name}`);
    uids.add(pod.metadata.uid);
    for (const owner of await owners(asked, told.subject.namespace, pod)) uids.add(owner.uid);
    await nodeOf(asked, pod);
    await logsOf(asked, namespace, pod);
  }
  for (const owned of await replicaSetsOf(asked, told)) uids.add(owned);
  for (const uid of uids) {
    await asked.get(`${namespace}/events?fieldSelector=${encodeURIComponent(`involvedObject.uid=${uid}`)}`);
  }
  const spans = await spansOf(node, told, pods);
  return {
    pods: pods.map(({ metadata: { name, uid } }) => ({ name, uid })),
    requests: asked.answers,
    spans,
    now: new Date(),
  };
}

class Questions {
  readonly #node: TestNode;
  readonly #answers = new Map<string, ServerAnswer>();

  constructor(node: TestNode) {
    this.#node = node;
  }

  get answers(): ServerAnswer[] {
    return [...this.#answers.values()];
  }

  /** The body of the response; each path is requested once. */
  async get<Body>(path: string): Promise<Body> {
    const known = this.#answers.get(path);
    if (known !== undefined) return known.body as Body;
    const { status, headers, body } = await this.#node.cluster.call('GET', path);
    const parsed: unknown = String(headers['content-type']).startsWith('application/json') ? JSON.parse(body) : body;
    const answer = { path, status, body: withoutMachine(parsed) };
    this.#answers.set(path, answer);
    return answer.body as Body;
  }
}

/** The chain of controllers above a pod, each requested by its name. */
async function owners(asked: Questions, namespace: string, pod: PodObject): Promise<OwnerReference[]> {
  const found: OwnerReference[] = [];
  let references = pod.metadata.ownerReferences;
  for (let next = references?.[0]; next !== undefined; next = references?.[0]) {
    found.push(next);
    const path = `/apis/${next.apiVersion}/namespaces/${namespace}/${next.kind.toLowerCase()}s/${next.name}`;
    references = (await asked.get<PodObject>(path)).metadata.ownerReferences;
  }
  return found;
}

/** A Deployment whose pods are refused still has a ReplicaSet, which has the events. */
async function replicaSetsOf(asked: Questions, { subject }: Told): Promise<string[]> {
  const path = `/apis/apps/v1/namespaces/${subject.namespace}/replicasets`;
  const { items } = await asked.get<ListOf<Pick<PodObject, 'metadata'>>>(path);
  const owned = items.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === subject.uid));
  for (const { metadata } of owned) await asked.get(`${path}/${metadata.name}`);
  return owned.map(({ metadata }) => metadata.uid);
}

async function nodeOf(asked: Questions, { spec }: PodObject): Promise<void> {
  if (spec.nodeName === undefined) return;
  await asked.get(`/api/v1/nodes/${spec.nodeName}`);
  await asked.get(`/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${spec.nodeName}`);
}

async function logsOf(asked: Questions, namespace: string, { metadata, status }: PodObject): Promise<void> {
  for (const { name, state, lastState } of [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
  ]) {
    const path = `${namespace}/pods/${metadata.name}/log?container=${name}`;
    if (lastState?.terminated !== undefined) await asked.get(`${path}&previous=true&tailLines=10`);
    if (state?.running !== undefined || state?.terminated !== undefined) await asked.get(`${path}&tailLines=10`);
  }
}

/** Waits until the responses stop changing, so that no trace is cut in two. */
async function spansOf(node: TestNode, { request }: Told, pods: readonly PodObject[]): Promise<BackendAnswer[]> {
  const micros = (nanos: bigint): string => String(nanos / 1000n);
  const urls = pods.map(({ metadata: { uid } }) => {
    const query = new URLSearchParams({
      service: 'kubelet',
      tags: JSON.stringify({ 'k8s.pod.uid': uid }),
      start: micros(BigInt(request.start)),
      end: micros(BigInt(Date.now()) * 1_000_000n),
      limit: '40',
    });
    return `/api/traces?${query}`;
  });
  urls.push(`/api/traces/${request.traceID}?raw=true`);
  let answers: BackendAnswer[] = [];
  let last = -1;
  for (let since = performance.now(); performance.now() - since < quietMillis; await sleep(200)) {
    answers = [];
    for (const url of urls) answers.push(await ask(node, url));
    const count = JSON.stringify(answers).split('"spanID"').length;
    if (count !== last) since = performance.now();
    last = count;
  }
  return answers;
}

async function ask({ cluster }: TestNode, url: string): Promise<BackendAnswer> {
  const response = await fetch(cluster.backendURL + url);
  return { url, status: response.status, body: withoutMachine(await response.json()) };
}
