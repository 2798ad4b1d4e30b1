import { tableOf } from '../../format/table-of.ts';
import type { KubeRequest } from '../http/exchange.ts';
import { checkName, collectionPath, get, pathSegment } from './request.ts';
import type { ResourceType } from './resource-type.ts';

/** Kubernetes' own largest page; a list that is longer comes in several. */
const LIMIT = '500';
/** As many lines as a person reads, and not more than a page of them. */
const LOG_LINES = '10';
const LOG_BYTES = '16384';

type Type = Pick<ResourceType, 'group' | 'version' | 'resource'>;

const core = (resource: string): Type => ({ group: '', version: 'v1', resource });
export const PODS = core('pods');
const EVENTS = core('events');
const NODES = core('nodes');
const VOLUME_CLAIMS = core('persistentvolumeclaims');
const VOLUMES = core('persistentvolumes');
const LEASES: Type = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' };
export const REPLICA_SETS: Type = { group: 'apps', version: 'v1', resource: 'replicasets' };
export const JOBS: Type = { group: 'batch', version: 'v1', resource: 'jobs' };

/** The kinds that pods are mostly owned by, and that are owned by each other, with the names of their resources. */
const OWNERS: Readonly<Record<string, string>> = tableOf({
  ReplicaSet: 'replicasets',
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  Job: 'jobs',
  CronJob: 'cronjobs',
});

/** One object by its name. */
export function objectRequest(type: Type, namespace: string | null, name: string): KubeRequest {
  checkName('resource name', name);
  const path = `${collectionPath(type as ResourceType, namespace)}/${pathSegment(name)}`;
  const { group, version, resource } = type;
  return { ...get('request', path, 'application/json'), group, version, resource, namespace, name };
}

/** Undefined for kinds that are not Kubernetes' own: their resources would need a discovery request first. */
export function ownerRequest(
  apiVersion: string,
  kind: string,
  namespace: string,
  name: string,
): KubeRequest | undefined {
  const resource = Object.hasOwn(OWNERS, kind) ? OWNERS[kind] : undefined;
  const [group, version] = apiVersion.split('/');
  if (resource === undefined || group === undefined || version === undefined) return undefined;
  return objectRequest({ group, version, resource }, namespace, name);
}

/** A list, of which a watch can go on. */
export function listRequest(
  type: Type,
  namespace: string | null,
  selectors: { readonly fieldSelector?: string; readonly labelSelector?: string } = {},
): KubeRequest {
  if (namespace !== null) checkName('namespace', namespace);
  const query: (readonly [string, string])[] = [];
  if (selectors.fieldSelector) query.push(['fieldSelector', selectors.fieldSelector]);
  if (selectors.labelSelector) query.push(['labelSelector', selectors.labelSelector]);
  query.push(['limit', LIMIT]);
  const { group, version, resource } = type;
  const path = collectionPath(type as ResourceType, namespace);
  return { ...get('request', path, 'application/json'), group, version, resource, namespace, query };
}

/** Events about a pod of this name, whichever: those of an earlier one are counted. */
export const podEventsRequest = (namespace: string, name: string): KubeRequest =>
  listRequest(EVENTS, namespace, { fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${name}` });

/** Events about the pods of a namespace or of all namespaces: the warnings, and then the others. */
export const podWarningsRequests = (namespace: string | null): readonly KubeRequest[] =>
  ['type=Warning', 'type!=Warning'].map((type) =>
    listRequest(EVENTS, namespace, { fieldSelector: `involvedObject.kind=Pod,${type}` }),
  );

export const objectEventsRequest = (namespace: string, uid: string): KubeRequest =>
  listRequest(EVENTS, namespace, { fieldSelector: `involvedObject.uid=${uid}` });

export const allEventsRequest = (namespace: string): KubeRequest => listRequest(EVENTS, namespace);

export const nodesRequest = (): KubeRequest => listRequest(NODES, null);

/** Pods that have a node, and hold what they have of it until they end; of one node, or of all. */
export const placedPodsRequest = (namespace: string | null, node?: string, labelSelector = ''): KubeRequest =>
  listRequest(PODS, namespace, {
    labelSelector,
    fieldSelector: `spec.nodeName${node === undefined ? '!=' : `=${node}`},status.phase!=Succeeded,status.phase!=Failed`,
  });

/** The claims of a namespace or of all namespaces, and the events about them. */
export const claimsRequest = (namespace: string | null): KubeRequest => listRequest(VOLUME_CLAIMS, namespace);

export const claimEventsRequest = (namespace: string | null): KubeRequest =>
  listRequest(EVENTS, namespace, { fieldSelector: 'involvedObject.kind=PersistentVolumeClaim' });

export const claimRequest = (namespace: string, name: string): KubeRequest =>
  objectRequest(VOLUME_CLAIMS, namespace, name);

export const volumeRequest = (name: string): KubeRequest => objectRequest(VOLUMES, null, name);

export const nodeRequest = (name: string): KubeRequest => objectRequest(NODES, null, name);

/** The kubelet's sign of life (KEP-589). */
export const leaseRequest = (node: string): KubeRequest => objectRequest(LEASES, 'kube-node-lease', node);

/** The last lines of a container, of its run before this one if it was restarted. */
export function logRequest(namespace: string, pod: string, container: string, previous: boolean): KubeRequest {
  const request = objectRequest(PODS, namespace, pod);
  return {
    ...request,
    path: `${request.path}/log`,
    subresource: 'log',
    headers: { accept: 'application/json, */*' },
    query: [
      ['container', container],
      ['limitBytes', LOG_BYTES],
      ...(previous ? ([['previous', 'true']] as const) : []),
      ['tailLines', LOG_LINES],
    ],
  };
}

/** A label selector of an object as it stands in a query (k8s.io/apimachinery pkg/apis/meta/v1/helpers.go). */
export function selectorText(selector: unknown): string {
  const { matchLabels = {}, matchExpressions = [] } = (selector ?? {}) as {
    readonly matchLabels?: Readonly<Record<string, string>>;
    readonly matchExpressions?: readonly {
      readonly key: string;
      readonly operator: string;
      readonly values?: readonly string[];
    }[];
  };
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    const list = `(${values.join(',')})`;
    if (operator === 'In') return `${key} in ${list}`;
    if (operator === 'NotIn') return `${key} notin ${list}`;
    return operator === 'DoesNotExist' ? `!${key}` : key;
  });
  return [...equal, ...expressions].join(',');
}
