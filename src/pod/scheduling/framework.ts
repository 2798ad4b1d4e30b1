import { shell } from '../../format/shell-command.ts';
import type { Meaning, SchedulingRule, SchedulingView } from './rule.ts';
import { listed, NODE_ADMIN } from './words.ts';

/** Messages of the framework around its plugins: pkg/scheduler/schedule_one.go, extender.go, framework/runtime. */
export const FRAMEWORK_RULES: readonly SchedulingRule[] = [
  {
    plugin: 'scheduler',
    says: ['no nodes available to schedule pods', 'no nodes available'],
    rank: 'room',
    kinds: ['node'],
    owner: 'cluster-admin',
    read: () => ({
      waitingFor: { kind: 'node', name: 'the first node of the cluster' },
      who: `${NODE_ADMIN}: the cluster has no nodes`,
      next: [{ command: shell`kubectl get nodes`, when: 'to see whether a node has joined' }],
    }),
  },
  {
    // Plugins that name the only nodes that can take the pod, before any node is looked at.
    plugin: 'PreFilter',
    says: [
      "node(s) didn't satisfy plugin(s) %v simultaneously",
      "node(s) didn't satisfy plugin(s) %v",
      "node(s) didn't satisfy plugin %v",
    ],
    rank: 'intended',
    kinds: ['node', 'persistentvolume', 'plugin'],
    owner: 'author',
    read: ([plugins = ''], view) => onlyNodes(plugins.replaceAll(/[[\]]/g, ''), view),
  },
  {
    plugin: 'Permit',
    says: [
      'rejected due to timeout after waiting %v at plugin %v',
      'one or more plugins asked to wait and no plugin rejected pod %q',
      'one or more plugins asked to wait and no plugin rejected pod',
    ],
    rank: 'room',
    kinds: ['plugin'],
    owner: 'cluster-admin',
    read: (words, view) => ({
      waitingFor: { kind: 'plugin', name: words[1] ?? 'a Permit plugin of the scheduler' },
      who: `${NODE_ADMIN}: a plugin of scheduler ${view.snapshot.pod.schedulerName} held the pod back after a node was found`,
      next: [],
    }),
  },
  {
    plugin: 'extender',
    says: ['failed %v with extender at URL %v, code %v'],
    rank: 'room',
    kinds: ['extender'],
    owner: 'cluster-admin',
    read: ([, url = '', code = '']) => ({
      waitingFor: { kind: 'extender', name: url },
      who: `${NODE_ADMIN}: the scheduler extender responds with status ${code}`,
      next: [],
    }),
  },
];

function onlyNodes(plugins: string, view: SchedulingView): Meaning {
  const { pod } = view.snapshot;
  const names = pod.demand.nodeNames;
  if (/\bNodeAffinity\b/.test(plugins) && names.length > 0) {
    return {
      waitingFor: { kind: 'node', name: listed(names) },
      who: `the manifest's author: the pod can only run on node ${listed(names)}`,
      next: [{ command: shell`kubectl get nodes`, when: 'to see whether the node exists' }],
    };
  }
  if (/\bVolume/.test(plugins)) {
    const volumes = (view.objects.claims ?? []).flatMap(({ volume }) => volume ?? []);
    return {
      waitingFor: {
        kind: 'persistentvolume',
        name: listed(volumes) || `the volume of claim ${listed(pod.demand.volumeClaims)}`,
      },
      owner: 'cluster-admin',
      who: "the cluster's administrator: the volume can be used on other nodes only",
      next: [{ command: shell`kubectl get pv`, when: 'to see the volumes' }],
      query: { kind: 'claims' },
    };
  }
  return {
    waitingFor: { kind: 'plugin', name: plugins.replaceAll(' ', ', ') },
    who: "the manifest's author: the plugin leaves no node for what the pod requires",
    next: [{ command: shell`kubectl get nodes --show-labels`, when: 'to see the nodes' }],
  };
}
