import { objectOf, textOf } from '../fields.ts';
import type { Note } from '../verdict.ts';
import type { WorkloadSnapshot } from './workload-snapshot.ts';
import { pods as podWords } from './status.ts';
import type { PodRole } from './pod-role.ts';

/** Pods that are counted and not judged, one line for each kind of them. */
export function leftOverNotes({ pods, read: { workload } }: WorkloadSnapshot): Note[] {
  const count = (role: PodRole): number => pods.filter((pod) => pod.role === role).length;
  const [terminating, replaced] = [count('terminating'), count('replaced')];
  // A Job counts its failures itself, also those of pods that are gone.
  const isJob = workload.kind === 'Job' || workload.kind === 'CronJob';
  return [
    ...(isJob ? [] : finishedNotes(pods)),
    ...(terminating === 0 ? [] : [{ text: `${podWords(terminating)} terminating` }]),
    ...(replaced === 0 || isJob ? [] : [{ text: `${podWords(replaced)} of an older revision, still to be replaced` }]),
  ];
}

/** `2 failed pods remain (1 Evicted)` */
function finishedNotes(pods: WorkloadSnapshot['pods']): Note[] {
  return ['Failed', 'Succeeded'].flatMap((phase): Note[] => {
    const statuses = pods.filter(({ role }) => role === 'finished').map(({ object }) => objectOf(object['status']));
    const alike = statuses.filter((status) => status['phase'] === phase);
    if (alike.length === 0) return [];
    const byReason = new Map<string, number>();
    for (const { reason } of alike) {
      const name = textOf(reason);
      if (name !== undefined) byReason.set(name, (byReason.get(name) ?? 0) + 1);
    }
    const reasons = [...byReason].map(([name, count]) => `${count} ${name}`).join(', ');
    const how = phase === 'Failed' ? 'failed' : 'finished';
    const words = alike.length === 1 ? `1 ${how} pod remains` : `${alike.length} ${how} pods remain`;
    return [{ text: `${words}${reasons === '' ? '' : ` (${reasons})`}` }];
  });
}
