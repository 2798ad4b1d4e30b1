import type { Cause, NextStep, Verdict } from '../verdict.ts';
import type { ReadWorkload } from './read.ts';
import { undoStep } from './rollback.ts';

/**
 * A rollout blocked by its template can be undone, where a revision before it is known to work. One that was complete
 * once is not a bad rollout, and a paused one is refused (k8s.io/kubectl pkg/polymorphichelpers/rollback.go).
 */
export function withUndo(verdict: Verdict, read: ReadWorkload): Verdict {
  const { cause, state } = verdict;
  const { workload, rollback, status } = read;
  const isBad = state === 'failed' || (state === 'stuck' && cause?.owner === 'author');
  const wasComplete = workload.conditions.get('Progressing')?.reason === 'NewReplicaSetAvailable';
  if (cause === null || !isBad || wasComplete || rollback === undefined) return verdict;
  if (workload.spec['paused'] === true || status.state === 'done') return verdict;
  return { ...verdict, cause: { ...cause, next: second(cause, undoStep(workload, rollback)) } };
}

function second({ next }: Cause, step: NextStep): readonly NextStep[] {
  const [first, ...others] = next.filter(({ command }) => command !== step.command);
  return first === undefined ? [step] : [first, step, ...others];
}
