import { UsageError } from '../../errors.ts';
import type { DiscoveryCache } from '../../kube/api/discovery-cache.ts';
import { resolveNamedTypes } from '../../kube/api/discovery.ts';
import type { KubeRequest } from '../../kube/http/exchange.ts';
import { isObject } from '../../kube/json.ts';
import { JOBS, listRequest, objectRequest, PODS, REPLICA_SETS, selectorText } from '../../kube/api/pod-requests.ts';
import type { ResourceType } from '../../kube/api/resource-type.ts';
import type { Subject } from '../../report/pod-report.ts';
import type { PodReader } from './reader.ts';
import { POD_TYPES } from './selection.ts';
import { programName } from '../../format/program-name.ts';

/** Object on the command line, and where its pods are found. */
export interface FoundSubject extends Subject {
  /** The object that makes pods, as it was read; undefined for a pod itself. */
  readonly object: unknown;
  /** The list that its pods are in, among others. */
  readonly pods: KubeRequest;
  /** The pod alone, where the subject is one. */
  readonly pod: KubeRequest | undefined;
  /** The object, and the list that contains only it; undefined for a pod. */
  readonly workload?: { readonly one: KubeRequest; readonly list: KubeRequest } | undefined;
  /** The list of what it makes its pods through, among others: ReplicaSets of a Deployment, Jobs of a CronJob. */
  readonly makers?: KubeRequest | undefined;
}

/** Kinds that create pods from a template, directly or through another object. */
const MAKERS = new Set([
  'deployments',
  'replicasets',
  'statefulsets',
  'daemonsets',
  'jobs',
  'cronjobs',
  'replicationcontrollers',
]);

/** A pod, which needs no query. */
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

/** Rejects when there is no such type, when it makes no pods, or when the object cannot be read. */
export async function findSubject(
  { resource, name, namespace }: { readonly resource: string; readonly name: string; readonly namespace: string },
  reader: PodReader,
  cache: DiscoveryCache,
): Promise<FoundSubject> {
  if (POD_TYPES.has(resource.toLowerCase())) return podSubject(namespace, name);
  const [type] = await resolveNamedTypes([resource], { send: reader.send, cache });
  if (type === undefined) throw new Error(`no resource type was found for ${resource}`);
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
    throw new UsageError('NoPods', `${type.resource} create no pods`, {
      hint: `name a pod, deployment, replicaset, statefulset, daemonset, job or cronjob: ${programName()} pod deployment/NAME`,
    });
  }
  const one = objectRequest(type, namespace, name);
  const object = await reader.require(one);
  const spec = isObject(object) && isObject(object['spec']) ? object['spec'] : {};
  // A ReplicationController has the labels alone.
  const selector = type.resource === 'replicationcontrollers' ? { matchLabels: spec['selector'] } : spec['selector'];
  // The pods of a CronJob have no label of it, but every pod of a Job has one.
  const labelSelector = type.resource === 'cronjobs' ? 'job-name' : selectorText(selector);
  return {
    kind: type.kind.toLowerCase(),
    namespace,
    name,
    object,
    pods: listRequest(PODS, namespace, { labelSelector }),
    pod: undefined,
    workload: { one, list: listRequest(type, namespace, { fieldSelector: `metadata.name=${name}` }) },
    makers: makersRequest(type, namespace, selector),
  };
}

function makersRequest({ resource }: ResourceType, namespace: string, selector: unknown): KubeRequest | undefined {
  if (resource === 'cronjobs') return listRequest(JOBS, namespace);
  if (resource !== 'deployments') return undefined;
  return listRequest(REPLICA_SETS, namespace, { labelSelector: selectorText(selector) });
}

/** The ReplicaSets of a Deployment or Jobs of a CronJob, whose pods are its pods; empty for everything else. */
export async function makersOf({ makers, object }: FoundSubject, reader: PodReader): Promise<readonly unknown[]> {
  if (makers === undefined) return [];
  return ownedBy(object, await reader.list(makers, makers.resource ?? 'the objects that create its pods'));
}

/** Those of a list that belong to an object. */
export const ownedBy = (owner: unknown, objects: readonly unknown[]): readonly unknown[] =>
  objects.filter((object) => ownerUIDs(object).includes(uidOf(owner)));

export function uidOf(object: unknown): string {
  const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {};
  return typeof metadata['uid'] === 'string' ? metadata['uid'] : '';
}

export function ownerUIDs(object: unknown): readonly string[] {
  const metadata = isObject(object) && isObject(object['metadata']) ? object['metadata'] : {};
  const owners = Array.isArray(metadata['ownerReferences']) ? metadata['ownerReferences'] : [];
  return owners.flatMap((owner) => (isObject(owner) && typeof owner['uid'] === 'string' ? [owner['uid']] : []));
}
