import type { PodReport } from '../../report/pod-report.ts';
import { escapeText } from '../escape.ts';
import { causeWords, outcomeWords, stateWords } from './words.ts';
import { workloadProgress, workloadState } from './workload-words.ts';

/** `deployment/web in shop   PROGRESSING: pulling the image for 5 s   1 of 2 available`: a report in one line, and why. */
export function liveLine({ subject, verdict, workload, lifecycles, now }: PodReport): string {
  const [lifecycle] = lifecycles;
  const name = `${subject.kind}/${subject.name} in ${subject.namespace}`;
  const state =
    verdict === null
      ? ''
      : workload === null
        ? stateWords(verdict, lifecycle, now)
        : workloadState(verdict, workload, now);
  const far =
    workload !== null ? workloadProgress(workload) : lifecycle === undefined ? 'no pod yet' : outcomeWords(lifecycle);
  const cause = verdict?.cause == null ? '' : causeWords(verdict.state, verdict.cause);
  return escapeText([name, state, far ?? '', cause].filter((words) => words !== '').join('   '));
}
