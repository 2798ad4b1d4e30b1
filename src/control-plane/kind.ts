import { own } from '../format/table-of.ts';
import type { ComponentPod } from './component-pod.ts';
import { isControlPlaneNode, type NodeFacts } from './objects.ts';

/** How a cluster was made, as far as it decides how its tracing is switched on. */
export type ClusterKind =
  | 'eks'
  | 'gke'
  | 'aks'
  | 'openshift'
  | 'k3s'
  | 'rke2'
  | 'talos'
  | 'kind'
  | 'minikube'
  | 'cluster-api'
  | 'kubeadm'
  | 'static-pods'
  | 'unknown';

/** Facts that a cluster shows. A part that the user may not read is undefined. */
export interface ClusterFacts {
  /** `v1.33.1-gke.100`, from /version. */
  readonly gitVersion: string;
  /** Address of the API server, as in the kubeconfig. */
  readonly server: string;
  readonly nodes: readonly NodeFacts[] | undefined;
  readonly components: readonly ComponentPod[] | undefined;
  /** Names of API groups, which every user may read. */
  readonly apiGroups: readonly string[] | undefined;
}

/** A kind, and what shows it: sentences without a period. The kind `unknown` says what was looked at. */
export interface DetectedKind {
  readonly kind: ClusterKind;
  readonly evidence: readonly string[];
}

type Clue = (facts: ClusterFacts) => readonly (string | undefined)[];

/**
 * Evidence for each kind, in the order in which it decides: an EKS node made by Cluster API has kubeadm's annotation too, and
 * kind and minikube use kubeadm.
 */
const CLUES: readonly (readonly [Exclude<ClusterKind, 'unknown'>, Clue])[] = [
  [
    'eks',
    (facts) => [
      byVersion(facts, /-eks-/),
      byServer(facts, /\.eks\.amazonaws\.com(?:\.cn)?$/),
      byLabel(facts, 'eks.amazonaws.com/nodegroup'),
    ],
  ],
  ['gke', (facts) => [byVersion(facts, /-gke\./), byLabel(facts, 'cloud.google.com/gke-nodepool')]],
  ['aks', (facts) => [byServer(facts, /\.azmk8s\.io$/), byLabel(facts, 'kubernetes.azure.com/cluster')]],
  ['openshift', (facts) => [byGroup(facts, 'config.openshift.io'), byLabel(facts, 'node.openshift.io/os_id')]],
  ['rke2', (facts) => [byVersion(facts, /\+rke2r/)]],
  ['k3s', (facts) => [byVersion(facts, /\+k3s/)]],
  [
    'talos',
    (facts) => [byNode(facts, ({ osImage }) => (osImage.startsWith('Talos (') ? `runs ${osImage}` : undefined))],
  ],
  ['kind', (facts) => [byProvider(facts, /^kind:\/\//)]],
  ['minikube', (facts) => [byLabel(facts, 'minikube.k8s.io/version')]],
  ['cluster-api', (facts) => [byKubeadmControlPlane(facts)]],
  ['kubeadm', (facts) => [byKubeadmPod(facts), byAnnotation(facts, 'kubeadm.alpha.kubernetes.io/cri-socket')]],
  ['static-pods', ({ components }) => [byMirrorPod(components)]],
];

/** The kind of a cluster, from what the user may read. */
export function detectKind(facts: ClusterFacts): DetectedKind {
  for (const [kind, clue] of CLUES) {
    const evidence = clue(facts).filter((text) => text !== undefined);
    if (evidence.length > 0) return { kind, evidence };
  }
  return { kind: 'unknown', evidence: whatWasSeen(facts) };
}

function whatWasSeen({ gitVersion, nodes, components }: ClusterFacts): readonly string[] {
  return [
    `the version ${gitVersion} names no distribution`,
    nodes === undefined ? 'nodes could not be read' : 'no node shows how the cluster was made',
    components === undefined
      ? 'pods of kube-system could not be read'
      : 'kube-system has no pod of kube-apiserver: it is managed, or runs outside pods (systemd)',
  ];
}

const byVersion = ({ gitVersion }: ClusterFacts, pattern: RegExp): string | undefined =>
  pattern.test(gitVersion) ? `the API server's version is ${gitVersion}` : undefined;

function byServer({ server }: ClusterFacts, pattern: RegExp): string | undefined {
  const host = URL.canParse(server) ? new URL(server).hostname : '';
  return pattern.test(host) ? `the API server's name is ${host}` : undefined;
}

const byGroup = ({ apiGroups }: ClusterFacts, group: string): string | undefined =>
  apiGroups?.includes(group) === true ? `it serves the API group ${group}` : undefined;

/** The text of the first node that has one. */
function byNode({ nodes }: ClusterFacts, found: (node: NodeFacts) => string | undefined): string | undefined {
  for (const node of nodes ?? []) {
    const text = found(node);
    if (text !== undefined) return `node ${node.name} ${text}`;
  }
  return undefined;
}

const byLabel = (facts: ClusterFacts, label: string): string | undefined =>
  byNode(facts, ({ labels }) => (own(labels, label) === undefined ? undefined : `has the label ${label}`));

const byAnnotation = (facts: ClusterFacts, name: string): string | undefined =>
  byNode(facts, ({ annotations }) => (own(annotations, name) === undefined ? undefined : `has the annotation ${name}`));

const byProvider = (facts: ClusterFacts, pattern: RegExp): string | undefined =>
  byNode(facts, ({ providerID }) => (pattern.test(providerID) ? `has the provider ID ${providerID}` : undefined));

/** Cluster API also makes nodes of managed control planes and of other bootstrap providers. */
const byKubeadmControlPlane = (facts: ClusterFacts): string | undefined =>
  byNode(facts, (node) =>
    isControlPlaneNode(node) && own(node.annotations, 'cluster.x-k8s.io/owner-kind') === 'KubeadmControlPlane'
      ? 'belongs to a KubeadmControlPlane of Cluster API'
      : undefined,
  );

const KUBEADM_POD = 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint';

function byKubeadmPod({ components }: ClusterFacts): string | undefined {
  const found = components?.find(({ annotations }) => own(annotations, KUBEADM_POD) !== undefined);
  return found === undefined ? undefined : `pod ${found.pod} has the annotation ${KUBEADM_POD}`;
}

function byMirrorPod(components: ClusterFacts['components']): string | undefined {
  const found = components?.find(
    ({ component, annotations }) =>
      component === 'kube-apiserver' && own(annotations, 'kubernetes.io/config.mirror') !== undefined,
  );
  return found === undefined ? undefined : `pod ${found.pod} is a static pod`;
}
