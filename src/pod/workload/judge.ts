import type { Note, Verdict } from '../verdict.ts';
import { verdictByStatus } from './by-status.ts';
import { cronJobVerdict } from './cron-run.ts';
import { current, isStuck, type WorkloadFacts } from './facts.ts';
import { withUndo } from './undo.ts';
import { leftOverNotes } from './left-over.ts';

/**
 * A workload by its own status first; its current pods, and what refuses or delays them, explain why it is not done. The
 * other pods are counted in notes.
 */
export function judgeWorkload(facts: WorkloadFacts): Verdict {
  const found = facts.read.workload.kind === 'CronJob' ? cronJobVerdict(facts) : verdictByStatus(facts);
  const verdict = withUndo(found, facts.read);
  const remarks = facts.read.status.remarks.map((text): Note => ({ text }));
  const notes = [...remarks, ...leftOverNotes(facts), ...troubleNotes(facts, verdict), ...podNotes(facts)];
  return { ...verdict, notes };
}

/** Notes of this many pods at most. */
const MAX_PODS = 3;

/** A note on a current pod is also a note on its workload. */
const podNotes = ({ pods }: WorkloadFacts): Note[] =>
  current(pods)
    .filter(({ lifecycle }) => lifecycle.verdict.notes.length > 0)
    .slice(0, MAX_PODS)
    .flatMap(({ lifecycle: { name, verdict } }) =>
      verdict.notes.map((note): Note => ({ ...note, text: `pod ${name}: ${note.text}` })),
    );

/** A pod that is in trouble just now, of a workload that is done by its status. */
function troubleNotes({ pods }: WorkloadFacts, { state }: Verdict): Note[] {
  if (state !== 'ready') return [];
  return current(pods)
    .filter(isStuck)
    .slice(0, MAX_PODS)
    .map(({ lifecycle: { name, verdict } }) => ({
      text: `pod ${name}: ${verdict.reason ?? ''}, ${verdict.cause?.message ?? ''}`,
    }));
}
