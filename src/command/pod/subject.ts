import { UsageError } from '../../errors.ts';
import type { DiscoveryCache } from '../../kube/discovery-cache.ts';
import { resolveNamedTypes } from '../../kube/discovery.ts';
import type { KubeRequest } from '../../kube/exchange.ts';
import { isObject } from '../../kube/json.ts';
import { listRequest, objectRequest, PODS, REPLICA_SETS, selectorText } from '../../kube/pod-requests.ts';
import type { ResourceType } from '../../kube/resource-type.ts';
import type { AskedSubject, Subject } from '../../render/pod/report.ts';
import type { AskedPod } from '../failure.ts';
import type { PodReader } from './reader.ts';

/** What was asked about, and where its pods are found. */
export interface FoundSubject extends Subject {
  /** The object that makes pods, as it was read; undefined for a pod itself. */
  readonly object: unknown;
  /** The list that its pods are in, among others. */
  readonly pods: KubeRequest;
  /** The pod alone, where the subject is one. */
  readonly pod: KubeRequest | undefined;
}

const POD_TYPES = new Set(['pods', 'pod', 'po']);
/** What makes pods of a template, by itself or through what it makes. */
const MAKERS = new Set(['deployments', 'replicasets', 'statefulsets', 'daemonsets', 'jobs', 'replicationcontrollers']);

/** A pod, which nothing has to be asked for. */
export function podSubject(namespace: string, name: string): FoundSubject {
  return {
    kind: 'pod',
    namespace,
    name,
    object: undefined,
    pods: listRequest(PODS, namespace, { fieldSelector: `metadata.name=${name}` }),
    pod: objectRequest(PODS, namespace, name),
  };
}

/** For a document of nothing but an error. */
export function askedSubject({ resource, name, namespace }: AskedPod): AskedSubject {
  const kind = resource.toLowerCase();
  return { kind: POD_TYPES.has(kind) ? 'pod' : kind, namespace, name };
}

/** Rejects when there is no such type, when it makes no pods, or when the object cannot be read. */
export async function findSubject(
  { resource, name, namespace }: { readonly resource: string; readonly name: string; readonly namespace: string },
  reader: PodReader,
  cache: DiscoveryCache,
): Promise<FoundSubject> {
  if (POD_TYPES.has(resource.toLowerCase())) return podSubject(namespace, name);
  const [type] = await resolveNamedTypes([resource], { send: reader.send, cache });
  if (type === undefined) throw new Error(`no type was found for ${resource}`);
  if (type.group === '' && type.resource === 'pods') return podSubject(namespace, name);
  return readSubject(type, namespace, name, reader);
}

export const makesPods = ({ resource }: Pick<ResourceType, 'resource'>): boolean => MAKERS.has(resource);

export async function readSubject(
  type: ResourceType,
  namespace: string,
  name: string,
  reader: PodReader,
): Promise<FoundSubject> {
  if (!makesPods(type)) {
    throw new UsageError('NoPods', `${type.resource} make no pods`, {
      hint: 'a pod, a deployment, a replicaset, a statefulset, a daemonset or a job: kubectl trace pod deployment/NAME',
    });
  }
  const object = await reader.require(objectRequest(type, namespace, name));
  const spec = isObject(object) && isObject(object['spec']) ? object['spec'] : {};
  // A ReplicationController has the labels alone.
  const selector = type.resource === 'replicationcontrollers' ? { matchLabels: spec['selector'] } : spec['selector'];
  return {
    kind: type.kind.toLowerCase(),
    namespace,
    name,
    object,
    pods: listRequest(PODS, namespace, { labelSelector: selectorText(selector) }),
    pod: undefined,
  };
}

/** The ReplicaSets of a Deployment, whose pods are its pods; empty for everything else. */
export async function replicaSetsOf(
  { kind, namespace, object }: FoundSubject,
  reader: PodReader,
): Promise<readonly unknown[]> {
  if (kind !== 'deployment' || !isObject(object)) return [];
  const spec = isObject(object['spec']) ? object['spec'] : {};
  const uid = uidOf(object);
  const sets = await reader.list(
    listRequest(REPLICA_SETS, namespace, { labelSelector: selectorText(spec['selector']) }),
    'replicasets',
  );
  return sets.filter((set) => ownerUIDs(set).includes(uid));
}

export function uidOf(object: unknown): string {
  const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {};
  return typeof metadata['uid'] === 'string' ? metadata['uid'] : '';
}

export function ownerUIDs(object: unknown): readonly string[] {
  const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {};
  const owners = Array.isArray(metadata['ownerReferences']) ? metadata['ownerReferences'] : [];
  return owners.flatMap((owner) => (isObject(owner) && typeof owner['uid'] === 'string' ? [owner['uid']] : []));
}
