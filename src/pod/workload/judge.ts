import type { Note, Verdict } from '../verdict.ts';
import { verdictByStatus } from './by-status.ts';
import { cronJobVerdict } from './cron-run.ts';
import { current, isStuck } from './workload-pods.ts';
import type { WorkloadSnapshot } from './workload-snapshot.ts';
import { withUndo } from './undo.ts';
import { leftOverNotes } from './left-over.ts';

/**
 * A workload by its own status first; its current pods, and what refuses or delays them, explain why it is not done. The
 * other pods are counted in notes.
 */
export function judgeWorkload(snapshot: WorkloadSnapshot): Verdict {
  const found = snapshot.read.workload.kind === 'CronJob' ? cronJobVerdict(snapshot) : verdictByStatus(snapshot);
  const verdict = withUndo(found, snapshot.read);
  const remarks = snapshot.read.status.remarks.map((text): Note => ({ text }));
  const notes = [...remarks, ...leftOverNotes(snapshot), ...troubleNotes(snapshot, verdict), ...podNotes(snapshot)];
  return { ...verdict, notes };
}

/** Notes of this many pods at most. */
const MAX_PODS = 3;

/** A note on a current pod is also a note on its workload. */
const podNotes = ({ pods }: WorkloadSnapshot): Note[] =>
  current(pods)
    .filter(({ lifecycle }) => lifecycle.verdict.notes.length > 0)
    .slice(0, MAX_PODS)
    .flatMap(({ lifecycle: { name, verdict } }) =>
      verdict.notes.map((note): Note => ({ ...note, text: `pod ${name}: ${note.text}` })),
    );

/** A pod that is in trouble just now, of a workload that is done by its status. */
function troubleNotes({ pods }: WorkloadSnapshot, { state }: Verdict): Note[] {
  if (state !== 'ready') return [];
  return current(pods)
    .filter(isStuck)
    .slice(0, MAX_PODS)
    .map(({ lifecycle: { name, verdict } }) => ({
      text: `pod ${name}: ${verdict.reason ?? ''}, ${verdict.cause?.message ?? ''}`,
    }));
}
