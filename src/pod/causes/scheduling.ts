import type { PodFacts } from '../facts.ts';
import type { Progress } from '../progress.ts';
import { isTolerated } from '../placement.ts';
import { signOf } from '../reason.ts';
import { parseSchedulingMessage, type SchedulingCause } from '../scheduling-message.ts';
import type { Cause, NextStep, WaitingFor } from '../verdict.ts';
import { conditionEvidence, describe, eventEvidence, inNamespace, shortened } from './evidence.ts';

/** A pod that has no node yet. */
export function schedulingCause(facts: PodFacts, { created }: Progress): Cause | undefined {
  const { pod } = facts;
  if (pod.node !== undefined) return undefined;
  const condition = pod.conditions.get('PodScheduled');
  const says = condition === undefined ? undefined : `PodScheduled=${condition.status} ${condition.reason ?? ''}`;
  const sign = signOf('condition', says, condition?.message);
  const base = { stage: 'Scheduling', final: false, since: created.at } as const;
  if (sign?.reason === 'SchedulingGated' || pod.schedulingGates.length > 0) return gated(facts, base);
  const failures = facts.events.filter(({ reason }) => reason === 'FailedScheduling');
  if (sign?.reason === 'Unschedulable' || (condition === undefined && failures.length > 0)) {
    return unschedulable(facts, base);
  }
  return {
    ...base,
    reason: 'Unknown',
    proven: false,
    message: `nothing has been heard of the scheduler ${pod.schedulerName}`,
    waitingFor: { kind: 'scheduler', name: pod.schedulerName },
    owner: 'cluster-admin',
    who: `whoever runs the scheduler ${pod.schedulerName}`,
    evidence: condition === undefined ? [] : [conditionEvidence(condition)],
    next: [describe(facts)],
  };
}

type Base = Pick<Cause, 'stage' | 'final' | 'since'>;

function gated(facts: PodFacts, base: Base): Cause {
  const { pod } = facts;
  const gates = pod.schedulingGates.join(', ');
  const condition = pod.conditions.get('PodScheduled');
  return {
    ...base,
    stage: 'Scheduling',
    reason: 'SchedulingGated',
    proven: true,
    message: `the scheduler does not look at it before the gate ${gates} is removed`,
    waitingFor: { kind: 'gate', name: gates },
    owner: 'author',
    who: `whoever set the gate ${gates}, mostly a controller`,
    evidence: [
      { kind: 'field', text: `spec.schedulingGates: ${gates}` },
      ...(condition === undefined ? [] : [conditionEvidence(condition)]),
    ],
    next: [
      {
        command: `kubectl get pod ${pod.name}${inNamespace(facts)} -o jsonpath='{.spec.schedulingGates}'`,
        when: 'to see the gates',
      },
    ],
  };
}

function unschedulable(facts: PodFacts, base: Base): Cause {
  const condition = facts.pod.conditions.get('PodScheduled');
  const failures = facts.events.filter(({ reason }) => reason === 'FailedScheduling');
  const said = condition?.message ?? failures.at(-1)?.message ?? '';
  const { nodes, causes } = parseSchedulingMessage(said);
  const scaled = facts.events.findLast(({ reason }) => reason === 'TriggeredScaleUp');
  const of = nodes === null ? '' : `no node of ${nodes}: `;
  const words = causes.map(({ nodes: count, text }) => (count === null ? text : `${count} ${text}`));
  return {
    ...base,
    reason: 'Unschedulable',
    // More nodes are on their way: then it is a matter of time.
    proven: scaled === undefined,
    since: scaled?.last ?? base.since,
    message: shortened(`${of}${words.join('; ')}`),
    waitingFor: wanted(causes, facts),
    ...responsible(causes),
    evidence: [
      ...eventEvidence(failures),
      // It repeats what the event says, which may have expired.
      ...(condition === undefined || failures.length > 0 ? [] : [conditionEvidence(condition)]),
    ],
    next: nextSteps(causes, facts),
  };
}

const INSUFFICIENT = /^Insufficient (\S+)/;
const TAINT = /taint/;
const LABEL = /affinity|selector|topology spread|node name/;
const CLAIM = /persistentvolumeclaim "([^"]+)"|PersistentVolumeClaims?|persistent volumes? to bind/i;

/** Where several causes stand in the way, the one of the most nodes: the first of the same number. */
function mostly(causes: readonly SchedulingCause[]): SchedulingCause {
  const none: SchedulingCause = { nodes: null, text: '' };
  return causes.reduce((one, other) => ((other.nodes ?? 0) > (one.nodes ?? 0) ? other : one), causes[0] ?? none);
}

function wanted(causes: readonly SchedulingCause[], { pod, taints = [] }: PodFacts): WaitingFor {
  const { text } = mostly(causes);
  const resource = INSUFFICIENT.exec(text)?.[1];
  if (resource !== undefined) return { kind: 'resource', name: resource };
  if (/Too many pods/.test(text)) return { kind: 'resource', name: 'pods' };
  if (TAINT.test(text)) {
    // Until 1.33 the scheduler named it: {key: value}.
    const told = /taint\(?s?\)? ?\{([^:}]*)/.exec(text)?.[1];
    const keys = taints.filter((taint) => !isTolerated(taint, pod.tolerations)).map(({ key }) => key);
    return { kind: 'taint', name: told ?? ([...new Set(keys)].join(', ') || text) };
  }
  if (CLAIM.test(text)) {
    const told = /persistentvolumeclaim "([^"]+)"/.exec(text)?.[1];
    return { kind: 'persistentvolumeclaim', name: told ?? (pod.claims.join(', ') || text) };
  }
  if (LABEL.test(text)) return { kind: 'label', name: pod.labels.join(', ') || text };
  return { kind: 'node', name: text };
}

function responsible(causes: readonly SchedulingCause[]): Pick<Cause, 'owner' | 'who'> {
  const { text } = mostly(causes);
  if (INSUFFICIENT.test(text) || /Too many pods/.test(text)) {
    return { owner: 'cluster-admin', who: 'whoever can add nodes, or can ask for less' };
  }
  if (TAINT.test(text)) return { owner: 'author', who: 'whoever can add a toleration, or take the taint away' };
  if (CLAIM.test(text)) return { owner: 'cluster-admin', who: 'whoever provides the volume' };
  if (LABEL.test(text)) return { owner: 'author', who: 'whoever wrote the selector, or can label a node' };
  return { owner: 'cluster-admin', who: 'whoever runs the nodes' };
}

function nextSteps(causes: readonly SchedulingCause[], facts: PodFacts): NextStep[] {
  const { text } = mostly(causes);
  if (TAINT.test(text)) {
    return [
      {
        command: "kubectl get nodes -o custom-columns='NAME:.metadata.name,TAINTS:.spec.taints'",
        when: 'to see the taints',
      },
    ];
  }
  if (CLAIM.test(text)) return [{ command: `kubectl get pvc${inNamespace(facts)}`, when: 'to see what is bound' }];
  if (LABEL.test(text)) return [{ command: 'kubectl get nodes --show-labels', when: 'to see the labels' }];
  return [{ command: 'kubectl describe nodes', when: 'to see what is allocated' }];
}
