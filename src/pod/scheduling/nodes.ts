import { shell } from '../../format/shell-command.ts';
import { isTolerated, type Taint } from '../placement.ts';
import type { Meaning, SchedulingRule, SchedulingView } from './rule.ts';
import { argument, labelsStep, listed, NODE_ADMIN } from './words.ts';

/** Taints that the control plane sets while a node is not well (k8s.io/api core/v1/well_known_taints.go). */
const NODE_TROUBLE =
  /^(node\.kubernetes\.io\/(not-ready|unreachable|memory-pressure|disk-pressure|pid-pressure|network-unavailable|unschedulable|out-of-service)|node\.cloudprovider\.kubernetes\.io\/(uninitialized|shutdown)|ToBeDeletedByClusterAutoscaler)$/;
const CORDONED = 'node.kubernetes.io/unschedulable';
const CONTROL_PLANE = /^node-role\.kubernetes\.io\/(control-plane|master)$/;

const taintsStep = {
  command: shell`kubectl get nodes -o custom-columns='NAME:.metadata.name,TAINTS:.spec.taints'`,
  when: 'to see the taints',
};

/** pkg/scheduler/framework/plugins: tainttoleration, nodeunschedulable, nodename, nodeaffinity, nodedeclaredfeatures */
export const NODE_RULES: readonly SchedulingRule[] = [
  {
    plugin: 'TaintToleration',
    says: [
      // Until 1.34; later versions name no taint.
      'node(s) had untolerated taint {%s: %s}',
      'node(s) had untolerated taint(s)',
      "node(s) had taints that the pod didn't tolerate",
    ],
    rank: 'obstacle',
    kinds: ['taint'],
    owner: 'author',
    read: tainted,
  },
  {
    plugin: 'NodeUnschedulable',
    says: ['node(s) were unschedulable', 'node(s) had unknown conditions'],
    rank: 'obstacle',
    kinds: ['node'],
    owner: 'cluster-admin',
    read: cordoned,
  },
  {
    plugin: 'NodeName',
    says: ["node(s) didn't match the requested node name"],
    rank: 'intended',
    kinds: ['node'],
    owner: 'author',
    read: (_, { snapshot: { pod } }) => ({
      waitingFor: { kind: 'node', name: listed(pod.demand.nodeNames) || 'the requested node' },
      who: "the manifest's author: spec.nodeName names a node that does not exist or does not fit",
      next: [{ command: shell`kubectl get nodes`, when: 'to see which nodes exist' }],
    }),
  },
  {
    plugin: 'NodeAffinity',
    says: ["node(s) didn't match Pod's node affinity/selector", 'pod affinity terms conflict'],
    rank: 'choice',
    kinds: ['label', 'node'],
    owner: 'author',
    read: selected,
  },
  {
    plugin: 'NodeAffinity',
    says: ["node(s) didn't match scheduler-enforced node affinity"],
    rank: 'choice',
    kinds: ['scheduler'],
    owner: 'cluster-admin',
    read: (_, { snapshot: { pod } }) => ({
      waitingFor: { kind: 'scheduler', name: pod.schedulerName },
      who: `${NODE_ADMIN}: addedAffinity in the configuration of scheduler ${pod.schedulerName}`,
      next: [labelsStep],
    }),
  },
  {
    plugin: 'NodeDeclaredFeatures',
    says: [
      "node(s) didn't match Pod's required features",
      'node declared features check failed - unsatisfied requirements: %s',
    ],
    rank: 'choice',
    kinds: ['node'],
    owner: 'cluster-admin',
    read: ([features]) => ({
      waitingFor: { kind: 'node', name: `a node with feature ${features ?? 'support that the pod requires'}` },
      who: `${NODE_ADMIN}: the kubelets do not have a feature that the pod uses`,
      next: [
        {
          command: shell`kubectl get nodes -o custom-columns='NAME:.metadata.name,FEATURES:.status.declaredFeatures'`,
          when: 'to see the features of each node',
        },
      ],
    }),
  },
];

function tainted(
  [taintKey]: readonly string[],
  { snapshot: { pod }, objects: { taints = [] } }: SchedulingView,
): Meaning {
  // Another plugin reports cordoned nodes.
  const untolerated = taints.filter((taint) => taint.key !== CORDONED && !isTolerated(taint, pod.tolerations));
  const keys = taintKey === undefined ? [...new Set(untolerated.map(({ key }) => key))] : [taintKey];
  const isTrouble = keys.length > 0 && keys.every((key) => NODE_TROUBLE.test(key));
  const isControlPlane = keys.length > 0 && keys.every((key) => CONTROL_PLANE.test(key));
  return {
    waitingFor: { kind: 'taint', name: keys.join(', ') || 'a taint that the pod does not tolerate' },
    ...(isTrouble && { owner: 'cluster-admin' }),
    ...(isControlPlane && { rank: 'intended' }),
    ...(taintKey === undefined && { leftOut: controlPlaneNodes(untolerated) }),
    who: isTrouble
      ? `${NODE_ADMIN}: Kubernetes taints unhealthy nodes`
      : "the manifest's author (a toleration), or the cluster's administrator (the taint)",
    next: isTrouble
      ? [{ command: shell`kubectl get nodes`, when: 'to see which nodes are not Ready' }, taintsStep]
      : [taintsStep],
    query: { kind: 'nodes' },
  };
}

const controlPlaneNodes = (taints: readonly Taint[]): number =>
  taints.reduce((most, { key, nodes }) => (CONTROL_PLANE.test(key) ? Math.max(most, nodes) : most), 0);

function cordoned(_: readonly string[], { objects }: SchedulingView): Meaning {
  const names = objects.nodes?.filter(({ isCordoned }) => isCordoned).map(({ name }) => name) ?? [];
  const node = names.length === 1 ? argument(names[0] ?? '') : undefined;
  return {
    waitingFor: { kind: 'node', name: listed(names) || 'a node that is not cordoned' },
    who: `${NODE_ADMIN}: the nodes are cordoned`,
    next: [
      { command: shell`kubectl get nodes`, when: 'to see which nodes have SchedulingDisabled' },
      { command: shell`kubectl uncordon ${node ?? 'NODE'}`, when: 'if its maintenance is over' },
    ],
    query: { kind: 'nodes' },
  };
}

function selected(_: readonly string[], { snapshot: { pod } }: SchedulingView): Meaning {
  const { nodeNames } = pod.demand;
  // The pod of a DaemonSet is for one node alone.
  if (pod.labels.length === 0 && nodeNames.length > 0) {
    return {
      waitingFor: { kind: 'node', name: listed(nodeNames) },
      rank: 'intended',
      who: `${NODE_ADMIN}: the pod can only run on node ${listed(nodeNames)}`,
      next: [{ command: shell`kubectl get nodes`, when: 'to see whether the node exists' }],
    };
  }
  return {
    waitingFor: { kind: 'label', name: pod.labels.join(', ') || 'the node affinity of the pod' },
    who: "the manifest's author (the selector), or the cluster's administrator (a label on a node)",
    next: [labelsStep],
  };
}
