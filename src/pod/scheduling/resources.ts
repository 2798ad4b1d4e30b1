import { shell } from '../../format/shell-command.ts';
import type { Meaning, SchedulingRule, SchedulingView } from './rule.ts';
import { nodesStep, NODE_ADMIN } from './words.ts';

const UNITS = [
  ['Ei', 2 ** 60],
  ['Pi', 2 ** 50],
  ['Ti', 2 ** 40],
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
] as const;

/** pkg/scheduler/framework/plugins/noderesources/fit.go */
export const RESOURCE_RULES: readonly SchedulingRule[] = [
  {
    plugin: 'NodeResourcesFit',
    says: ['Too many pods'],
    rank: 'room',
    kinds: ['resource'],
    owner: 'cluster-admin',
    read: () => ({
      waitingFor: { kind: 'resource', name: 'pods' },
      who: `${NODE_ADMIN}: more nodes, or more pods per node`,
      next: [
        {
          command: shell`kubectl get nodes -o custom-columns='NAME:.metadata.name,PODS:.status.allocatable.pods'`,
          when: 'to see how many pods each node takes',
        },
      ],
    }),
  },
  {
    plugin: 'NodeResourcesFit',
    says: ['Insufficient %v'],
    rank: 'room',
    kinds: ['resource'],
    owner: 'cluster-admin',
    read: insufficient,
  },
  {
    plugin: 'NodeResourcesFit',
    says: ['Pod has a restartable init container and the SidecarContainers feature is disabled'],
    rank: 'choice',
    kinds: ['node'],
    owner: 'cluster-admin',
    read: () => ({
      waitingFor: { kind: 'node', name: 'a node with sidecar containers' },
      who: `${NODE_ADMIN}: the feature SidecarContainers is disabled`,
      next: [{ command: shell`kubectl get nodes`, when: 'to see the versions of the kubelets' }],
    }),
  },
];

const BASIC = /^(cpu|memory|ephemeral-storage)$/;

function insufficient([named]: readonly string[], view: SchedulingView): Meaning {
  const resource = named ?? '';
  const request = view.snapshot.pod.demand.requests.get(resource);
  const largest = view.objects.nodes?.reduce((most, node) => Math.max(most, node.allocatable.get(resource) ?? 0), 0);
  const tooLarge = request !== undefined && largest !== undefined && request > largest;
  const detail = tooLarge
    ? `the pod requests ${amount(request, resource)}, and ${
        largest === 0 ? 'no node has any' : `the largest node has ${amount(largest, resource)}`
      }`
    : undefined;
  return {
    waitingFor: { kind: 'resource', name: resource },
    who:
      tooLarge && largest > 0
        ? `the manifest's author (a smaller request), or ${NODE_ADMIN} (a larger node)`
        : `${NODE_ADMIN} (more nodes), or the manifest's author (smaller requests)`,
    next: [
      BASIC.test(resource)
        ? nodesStep
        : {
            command: shell`kubectl get nodes -o custom-columns=${`NAME:.metadata.name,ALLOCATABLE:.status.allocatable.${resource.replaceAll('.', '\\.')}`}`,
            when: `to see which nodes offer ${resource}`,
          },
    ],
    detail,
    query: { kind: 'nodes' },
  };
}

/** `64 cpu`, `128Gi memory`. */
function amount(value: number, resource: string): string {
  const isBytes = /memory|storage|hugepages/.test(resource);
  const [unit, size] = (isBytes ? UNITS.find(([, unitSize]) => value >= unitSize) : undefined) ?? ['', 1];
  return `${Number((value / size).toFixed(2))}${unit} ${resource}`;
}
