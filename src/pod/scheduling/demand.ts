import { listOf, numberOf, objectOf, textOf, textsOf, type APIObject } from '../fields.ts';
import { requestsOf } from './quantity.ts';

/** A port of a node that a container wants. */
export interface HostPort {
  readonly port: number;
  readonly protocol: string;
  /** `0.0.0.0` is every address. */
  readonly address: string;
}

/** A required term of pod affinity or anti-affinity. */
export interface AffinityTerm {
  /** A label selector as the API has it. */
  readonly selector: APIObject;
  readonly topologyKey: string;
  /** Empty: the pod's own namespace, unless there is a namespace selector. */
  readonly namespaces: readonly string[];
  readonly anyNamespace: boolean;
}

/** Requirements of a pod on its node beyond labels and taints. */
export interface Demand {
  readonly labels: Readonly<Record<string, string>>;
  readonly hostPorts: readonly HostPort[];
  readonly affinity: readonly AffinityTerm[];
  readonly antiAffinity: readonly AffinityTerm[];
  /** Constraints that must be met: `maxSkew 1 over topology.kubernetes.io/zone`. */
  readonly spread: readonly { readonly topologyKey: string; readonly maxSkew: number }[];
  /** Nodes that its node affinity names: the one node of a DaemonSet's pod. */
  readonly nodeNames: readonly string[];
  /** In the units of the resource: cores, bytes, pieces. */
  readonly requests: ReadonlyMap<string, number>;
  /** ResourceClaims by name; the name of a claim from a template is known once it is made. */
  readonly resourceClaims: readonly { readonly name: string; readonly claim: string | undefined }[];
  readonly podGroup: string | undefined;
  /** The node on which preemption makes room, or which the scheduler has chosen already. */
  readonly nominatedNode: string | undefined;
  readonly volumeClaims: readonly string[];
}

export function demandOf(pod: APIObject): Demand {
  const metadata = objectOf(pod['metadata']);
  const spec = objectOf(pod['spec']);
  const status = objectOf(pod['status']);
  const affinity = objectOf(spec['affinity']);
  return {
    labels: textRecord(metadata['labels']),
    hostPorts: hostPortsOf(spec),
    affinity: termsOf(affinity['podAffinity']),
    antiAffinity: termsOf(affinity['podAntiAffinity']),
    spread: listOf(spec['topologySpreadConstraints'])
      .filter((constraint) => constraint['whenUnsatisfiable'] !== 'ScheduleAnyway')
      .map((constraint) => ({
        topologyKey: textOf(constraint['topologyKey']) ?? '',
        maxSkew: numberOf(constraint['maxSkew']) ?? 1,
      })),
    nodeNames: nodeNamesOf(objectOf(affinity['nodeAffinity'])),
    requests: requestsOf(spec),
    resourceClaims: resourceClaimsOf(spec, status),
    podGroup:
      textOf(objectOf(spec['schedulingGroup'])['podGroupName']) ?? textOf(objectOf(spec['workloadRef'])['podGroup']),
    nominatedNode: textOf(status['nominatedNodeName']),
    volumeClaims: volumeClaimsOf(textOf(metadata['name']) ?? '', spec),
  };
}

const textRecord = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(objectOf(value)).map(([key, text]) => [key, String(text)]));

/** With hostNetwork each container port is a port of the node (k8s.io/kubernetes pkg/apis/core/v1/defaults.go). */
function hostPortsOf(spec: APIObject): readonly HostPort[] {
  const usesNodeNetwork = spec['hostNetwork'] === true;
  return [...listOf(spec['initContainers']), ...listOf(spec['containers'])]
    .flatMap((container) => listOf(container['ports']))
    .flatMap((port) => {
      const hostPort =
        numberOf(port['hostPort']) ?? (usesNodeNetwork ? numberOf(port['containerPort']) : undefined) ?? 0;
      const protocol = textOf(port['protocol']) ?? 'TCP';
      return hostPort === 0 ? [] : [{ port: hostPort, protocol, address: textOf(port['hostIP']) ?? '0.0.0.0' }];
    });
}

function termsOf(affinity: unknown): readonly AffinityTerm[] {
  const terms = listOf(objectOf(affinity)['requiredDuringSchedulingIgnoredDuringExecution']);
  // A term without a selector matches no pod; one with an empty selector matches all.
  return terms
    .filter((term) => term['labelSelector'] != null)
    .map((term) => ({
      selector: objectOf(term['labelSelector']),
      topologyKey: textOf(term['topologyKey']) ?? '',
      namespaces: textsOf(term['namespaces']),
      anyNamespace: term['namespaceSelector'] != null,
    }));
}

function nodeNamesOf(nodeAffinity: APIObject): readonly string[] {
  const required = objectOf(nodeAffinity['requiredDuringSchedulingIgnoredDuringExecution']);
  return listOf(required['nodeSelectorTerms'])
    .flatMap((term) => listOf(term['matchFields']))
    .filter((field) => field['key'] === 'metadata.name' && field['operator'] === 'In')
    .flatMap((field) => textsOf(field['values']));
}

function resourceClaimsOf(spec: APIObject, status: APIObject): Demand['resourceClaims'] {
  const made = new Map(
    listOf(status['resourceClaimStatuses']).map((entry) => [textOf(entry['name']), textOf(entry['resourceClaimName'])]),
  );
  return listOf(spec['resourceClaims']).map((claim) => {
    const name = textOf(claim['name']) ?? '';
    return { name, claim: textOf(claim['resourceClaimName']) ?? made.get(name) };
  });
}

/** The claim of an ephemeral volume is called POD-VOLUME (k8s.io/component-helpers storage/ephemeral). */
function volumeClaimsOf(pod: string, spec: APIObject): readonly string[] {
  return listOf(spec['volumes']).flatMap((volume) => {
    if (volume['ephemeral'] !== undefined) return [`${pod}-${textOf(volume['name']) ?? ''}`];
    return textOf(objectOf(volume['persistentVolumeClaim'])['claimName']) ?? [];
  });
}
