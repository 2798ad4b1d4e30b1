import { shell } from '../../format/shell-command.ts';
import { inNamespace } from '../causes/evidence.ts';
import type { Cause, NextStep, Verdict } from '../verdict.ts';
import type { ReadWorkload } from './read.ts';

/**
 * A rollout blocked by its template can be undone, where there is a revision before it. One that was complete once is
 * not a bad rollout, and a paused one is refused (k8s.io/kubectl pkg/polymorphichelpers/rollback.go).
 */
export function withUndo(verdict: Verdict, read: ReadWorkload): Verdict {
  const { cause, state } = verdict;
  const { workload, hasPrevious, status } = read;
  const isBad = state === 'failed' || (state === 'stuck' && cause?.owner === 'author');
  const wasComplete = workload.conditions.get('Progressing')?.reason === 'NewReplicaSetAvailable';
  if (cause === null || !isBad || wasComplete || !hasPrevious || workload.kind !== 'Deployment') return verdict;
  if (workload.spec['paused'] === true || status.state === 'done') return verdict;
  return { ...verdict, cause: { ...cause, next: second(cause, undo(read)) } };
}

const second = ({ next: [first, ...others] }: Cause, step: NextStep): readonly NextStep[] =>
  first === undefined ? [step] : [first, step, ...others];

const undo = ({ workload: { name, namespace } }: ReadWorkload): NextStep => ({
  command: shell`kubectl rollout undo deployment/${name}${inNamespace({ pod: { namespace } })}`,
  when: 'to roll back to the previous revision',
});
