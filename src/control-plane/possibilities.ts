import type { ClusterKind } from './kind.ts';

/** Kinds that `kubectl trace setup` explains, in the order of its help. */
export const SETUP_KINDS = [
  'kubeadm',
  'kind',
  'minikube',
  'k3s',
  'rke2',
  'talos',
  'cluster-api',
  'static-pods',
  'systemd',
] as const;
export type SetupKind = (typeof SETUP_KINDS)[number];

/** Facts about one kind. */
export interface KindFacts {
  /** As its project writes it. */
  readonly title: string;
  /** Which `setup` prints; undefined where its users cannot switch tracing on. */
  readonly setup: SetupKind | undefined;
  /** Why tracing cannot be switched on, and what is possible instead; one or two sentences. */
  readonly note?: string | undefined;
}

const OTHER_WAYS =
  'Use its metrics instead, which need no tracing: --metrics, with Kubernetes 1.32 or later and read access to /metrics (see setup metrics-reader).';

/** By kind. Sources are in docs/enable-tracing.md. */
export const KIND_FACTS: Readonly<Record<ClusterKind | 'systemd', KindFacts>> = {
  eks: {
    title: 'Amazon EKS',
    setup: undefined,
    note: `EKS has no setting for tracing of the API server (aws/containers-roadmap#2080). ${OTHER_WAYS}`,
  },
  gke: {
    title: 'Google GKE',
    setup: undefined,
    note: `GKE documents no setting for tracing of the API server. ${OTHER_WAYS}`,
  },
  aks: {
    title: 'Azure AKS',
    setup: undefined,
    note: `AKS has no setting for tracing of the API server (Azure/AKS#4461). ${OTHER_WAYS}`,
  },
  openshift: {
    title: 'OpenShift',
    setup: undefined,
    note: `OpenShift's kube-apiserver operator has no setting for tracing and does not mount its file. ${OTHER_WAYS}`,
  },
  k3s: { title: 'K3s', setup: 'k3s' },
  rke2: { title: 'RKE2', setup: 'rke2' },
  talos: { title: 'Talos Linux', setup: 'talos' },
  kind: { title: 'kind', setup: 'kind' },
  minikube: { title: 'minikube', setup: 'minikube' },
  'cluster-api': { title: 'Cluster API (KubeadmControlPlane)', setup: 'cluster-api' },
  kubeadm: { title: 'kubeadm', setup: 'kubeadm' },
  'static-pods': { title: 'static pods', setup: 'static-pods' },
  systemd: { title: 'systemd units', setup: 'systemd' },
  unknown: { title: 'unknown', setup: undefined, note: 'Name its kind, such as systemd.' },
};
