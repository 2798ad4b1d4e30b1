import { shell } from '../../format/shell-command.ts';
import type { Meaning, SchedulingRule, SchedulingView } from './rule.ts';
import { argument, flag } from './words.ts';

/** Rules for pod groups, gates, and preemption: gangscheduling, schedulinggates, defaultpreemption. */
export const GROUP_RULES: readonly SchedulingRule[] = [
  {
    plugin: 'GangScheduling',
    says: [
      'waiting for minCount pods from a gang to appear in scheduling queue',
      'waiting for minCount pods from a gang to be scheduled',
      'waiting for minCount pods from a gang to be waiting on permit',
      'minCount (%d) cannot be satisfied: %d scheduled, %d remaining',
      'minCount (%d) is not yet satisfied: %d scheduled, %d remaining',
      'pod group is unschedulable',
      'no feasible placements found',
    ],
    rank: 'room',
    kinds: ['podgroup'],
    owner: 'author',
    read: (_, view) => group(view, "the manifest's author: the group starts when enough of its pods fit at once"),
  },
  {
    plugin: 'GangScheduling',
    says: [
      "waiting for pods's pod group %q to appear in scheduling queue",
      "waiting for pods's workload %q to appear in scheduling queue",
      'waiting for composite pod group %q tree to meet quorum',
      "pod group %q doesn't exist for a workload %q",
    ],
    rank: 'room',
    kinds: ['podgroup'],
    owner: 'author',
    read: ([name], view) =>
      group(view, "the manifest's author: the group of the pod does not exist or is incomplete", name),
  },
  {
    plugin: 'GangScheduling',
    says: [
      '0/%d placements are available, first placement status: %v',
      'scheduling error for pod group, some pods were not processed',
      'composite pod group evaluation failed due to child error: %w',
      'failed to schedule other pod from a pod group: %w',
      'cannot determine domain for already scheduled pods: %w',
    ],
    rank: 'room',
    kinds: ['podgroup'],
    owner: 'cluster-admin',
    read: (_, view) => group(view, "the cluster's administrator: no placement has room for the whole group"),
  },
  {
    plugin: 'SchedulingGates',
    says: ['waiting for scheduling gates: %v'],
    rank: 'room',
    kinds: ['gate'],
    owner: 'author',
    read: ([gates = ''], { snapshot: { pod } }) => ({
      waitingFor: { kind: 'gate', name: pod.schedulingGates.join(', ') || gates },
      who: 'the controller that set the gate: it removes the gate when the pod may be scheduled',
      next: [],
    }),
  },
  {
    plugin: 'DefaultPreemption',
    says: [
      'waiting for the preemption for this pod to be finished',
      'waiting for the preemption for this pod group to be finished',
      'not eligible due to a terminating pod on the nominated node',
    ],
    rank: 'room',
    kinds: ['node'],
    owner: 'kubelet',
    read: (_, { snapshot: { pod } }) => ({
      waitingFor: { kind: 'node', name: pod.demand.nominatedNode ?? 'the nominated node' },
      who: 'the kubelet that terminates the preempted pods within their grace period',
      next: [],
    }),
  },
  {
    plugin: 'DeferredPodScheduling',
    says: [
      'node had resize preemption disabled',
      'pod assigned to different node',
      'pod resize fits, waiting for Kubelet actuation',
      'node not found',
    ],
    rank: 'intended',
    kinds: ['node'],
    owner: 'cluster-admin',
    read: (_, { snapshot: { pod } }) => ({
      waitingFor: { kind: 'node', name: pod.node ?? 'the node of the pod' },
      who: "the cluster's administrator: the pod's node has no room for its resize",
      next: [],
    }),
  },
];

function group(view: SchedulingView, who: string, groupName?: string): Meaning {
  const name = groupName ?? view.snapshot.pod.demand.podGroup;
  const known = name === undefined ? undefined : argument(name);
  return {
    waitingFor: { kind: 'podgroup', name: name ?? 'the group of the pod' },
    who,
    next: [
      {
        command:
          known === undefined
            ? shell`kubectl get podgroups${flag(view)}`
            : shell`kubectl describe podgroup ${known}${flag(view)}`,
        when: 'to see its state',
      },
      { command: shell`kubectl get pods${flag(view)}`, when: 'to see the other pods of the group' },
    ],
  };
}
