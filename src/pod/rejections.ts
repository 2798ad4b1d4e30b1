import type { Party } from './verdict.ts';

/** A pod that the kubelet of its node did not admit: it never ran there, and the kubelet does not try again. */
export interface Rejection {
  /** `status.reason` of the pod, and `reason` of the event. */
  readonly says: readonly string[];
  /** One sentence after `node N rejected it:`. */
  readonly why: string;
  readonly owner: Party;
  /** The thing that the owner has to change. */
  readonly remedy: string;
}

/**
 * Every reason for which kubelets of Kubernetes 1.29 to 1.37 do not admit a pod (pkg/kubelet/lifecycle, cm, sysctl,
 * nodeshutdown, volumemanager). `npm run kubelet-reasons` compares it with the sources. Evicted is a sign.
 */
export const REJECTIONS: readonly Rejection[] = [
  {
    says: ['NodeAffinity'],
    why: "the node's labels do not match its node selector or node affinity",
    owner: 'author',
    remedy: 'the manifest names the node directly, or the labels of the node have changed since the pod was scheduled',
  },
  {
    says: ['NodeName'],
    why: 'its nodeName names another node',
    owner: 'author',
    remedy: 'the manifest names another node',
  },
  {
    says: ['NodePorts'],
    why: 'another pod on the node has its host port',
    owner: 'author',
    remedy: 'the manifest names a host port that is taken; the pod was not placed by the scheduler',
  },
  {
    says: ['TaintToleration'],
    why: 'it does not tolerate a NoExecute taint of the node',
    owner: 'author',
    remedy: 'the manifest lacks a toleration, or the node has a taint that it should not have',
  },
  {
    says: ['OutOfcpu', 'OutOfmemory', 'OutOfephemeral-storage', 'OutOfpods', 'OutOf*'],
    why: 'the node does not have the resources that it requests',
    owner: 'cluster-admin',
    remedy: 'the node had less room than the scheduler expected, or the pod was placed without the scheduler',
  },
  {
    says: ['UnexpectedAdmissionError'],
    why: 'the kubelet could not reserve its devices, CPUs or memory',
    owner: 'cluster-admin',
    remedy: "the node's device plugin, or its CPU and memory manager",
  },
  {
    says: ['TopologyAffinityError'],
    why: 'its resources cannot be aligned to NUMA nodes as the topology manager policy demands',
    owner: 'cluster-admin',
    remedy: 'the topology manager policy of the node, or requests that fit one NUMA node',
  },
  {
    says: ['SMTAlignmentError'],
    why: 'its CPU request is not a multiple of the threads per core (full-pcpus-only)',
    owner: 'author',
    remedy: 'the CPU request in the manifest',
  },
  {
    says: ['EmptyPodSharedPoolError'],
    why: 'its exclusive CPUs leave none to its other containers',
    owner: 'author',
    remedy: 'the CPU requests in the manifest',
  },
  {
    says: ['PodOSSelectorNodeLabelDoesNotMatch', 'PodOSNotSupported'],
    why: 'it is for another operating system than the node has',
    owner: 'author',
    remedy: 'spec.os and the kubernetes.io/os selector in the manifest',
  },
  {
    says: ['InitContainerRestartPolicyForbidden'],
    why: "the node's kubelet does not know sidecars (restartPolicy of init containers)",
    owner: 'cluster-admin',
    remedy: "the version or the feature gates of the node's kubelet",
  },
  {
    says: ['SupplementalGroupsPolicyNotSupported', 'PodLevelResourcesNotSupported', 'PodFeatureUnsupported'],
    why: 'it uses a feature that the kubelet or the runtime of the node does not support',
    owner: 'cluster-admin',
    remedy: "the version or the feature gates of the node's kubelet and runtime",
  },
  {
    says: ['AppArmor'],
    why: 'the node cannot apply its AppArmor profile',
    owner: 'cluster-admin',
    remedy: 'AppArmor on the node, or the profile in the manifest',
  },
  {
    says: ['SysctlForbidden'],
    why: 'the node does not allow its sysctls',
    owner: 'cluster-admin',
    remedy: 'allowedUnsafeSysctls of the kubelet, or the sysctls in the manifest',
  },
  {
    says: ['VolumeAttachmentLimitExceeded'],
    why: 'the node cannot attach more volumes',
    owner: 'cluster-admin',
    remedy: "the volume limit of the node, or its driver's report of it (CSINode)",
  },
  {
    says: ['NodeShutdown'],
    why: 'the node is shutting down',
    owner: 'cluster-admin',
    remedy: 'the node comes back, or another node takes the pod',
  },
  {
    says: ['InvalidNodeInfo', 'UnknownReason', 'UnexpectedPredicateFailureType'],
    why: 'the kubelet could not check whether it fits',
    owner: 'cluster-admin',
    remedy: 'the kubelet of the node, and its connection to the API server',
  },
  {
    // Only resizes get it; the pod itself goes on (pkg/kubelet/allocation/handlers.go).
    says: ['Infeasible'],
    why: 'the node can never grant this resize',
    owner: 'author',
    remedy: 'the resources of the resize',
  },
];

/** `OutOf*` fits extended resources too, for example OutOfnvidia.com/gpu. */
export const rejectionOf = (reason: string | undefined): Rejection | undefined =>
  reason === undefined
    ? undefined
    : REJECTIONS.find(({ says }) => says.includes(reason) || (reason.startsWith('OutOf') && says.includes('OutOf*')));
