import { between, epochNanos } from '../../trace/time.ts';
import type { PodFacts } from '../facts.ts';
import type { Cause } from '../verdict.ts';
import { inNamespace } from './evidence.ts';

/** A pod that was asked to go, and is still there. `lostNode` is asked when its time to end is over. */
export function terminationCause(facts: PodFacts, lostNode: () => Cause | undefined): Cause | undefined {
  const { pod, now } = facts;
  const { deletion } = pod;
  if (deletion === undefined) return undefined;
  const running = pod.containers.filter(({ state }) => state?.kind === 'running');
  const base = { stage: 'Termination', final: false } as const;
  if (running.length === 0 && pod.finalizers.length > 0) {
    const names = pod.finalizers.join(', ');
    const ends = pod.containers.flatMap(({ state }) =>
      state?.kind === 'terminated' && state.finishedAt !== undefined ? [state.finishedAt] : [],
    );
    const since = ends.reduce((one, other) => (other.at > one.at ? other : one), deletion.requestedAt);
    return {
      ...base,
      reason: 'Finalizer',
      // Its controller may be about to take it away.
      proven: false,
      since,
      message: `it is deleted, and held by the finalizer ${names}`,
      waitingFor: { kind: 'finalizer', name: names },
      owner: 'author',
      who: `the controller that put the finalizer ${names} there`,
      evidence: [
        { kind: 'field', text: `metadata.finalizers: ${names}` },
        { kind: 'field', text: 'metadata.deletionTimestamp', first: deletion.requestedAt.at },
      ],
      next: [
        {
          command: `kubectl patch pod ${pod.name}${inNamespace(facts)} --type=json -p '[{"op":"remove","path":"/metadata/finalizers"}]'`,
          when: 'only when its controller is gone for good',
        },
      ],
    };
  }
  const overdue = now > deletion.dueAt.at;
  const lost = overdue ? lostNode() : undefined;
  if (lost !== undefined) return { ...lost, stage: 'Termination', since: deletion.dueAt };
  const left = between(now, deletion.dueAt.at);
  return {
    ...base,
    reason: 'Unknown',
    proven: false,
    since: overdue ? deletion.dueAt : { ...deletion.dueAt, at: epochNanos(now) },
    message: overdue
      ? `its ${deletion.graceSeconds} s to end are over, and the kubelet has not removed it`
      : `its containers have ${Math.ceil(left / 1e9)} of ${deletion.graceSeconds} s left to end`,
    waitingFor: { kind: 'kubelet', name: pod.node ?? '' },
    owner: 'kubelet',
    who: pod.node === undefined ? 'the API server' : `the kubelet of node ${pod.node}`,
    evidence: [{ kind: 'field', text: 'metadata.deletionTimestamp', first: deletion.requestedAt.at }],
    next: [
      {
        command: `kubectl delete pod ${pod.name}${inNamespace(facts)} --force --grace-period=0`,
        when: 'only when its node is gone for good',
      },
    ],
  };
}
