import type { PodReport } from '../../report/pod-report.ts';
import type { Look } from '../look.ts';
import { paint } from '../terminal/paint.ts';
import type { MeasureText } from '../terminal/width.ts';
import { flow, wrap } from '../terminal/wrap.ts';
import { outcomeWords, stateWords } from './words.ts';
import { workloadProgress, workloadState } from './workload-words.ts';

/** The subject, its state, and how far it has come. */
export function headerLines(report: PodReport, look: Look, measure: MeasureText): string[] {
  const { subject, lifecycles, verdict, now } = report;
  const [lifecycle] = lifecycles;
  const { text } = look.glyphs;
  const node = lifecycle?.node == null || report.workload !== null ? '' : `, on node ${lifecycle.node}`;
  const name = `${subject.kind}/${subject.name} in ${subject.namespace}${node}`;
  if (verdict === null) return wrap(text(name), look.columns, measure);
  const { workload } = report;
  const state = workload === null ? stateWords(verdict, lifecycle, now) : workloadState(verdict, workload, now);
  const outcomes = report.requests.flatMap(({ outcome }) =>
    outcome == null ? [] : wrap(text(outcome), look.columns, measure),
  );
  const far =
    workload === null ? (lifecycle === undefined ? 'no pod' : outcomeWords(lifecycle)) : workloadProgress(workload);
  const words = [name, state, far ?? ''];
  const lines = flow(
    words.filter((word) => word !== '').map((word) => text(word)),
    look.columns,
    measure,
    '   ',
  );
  const bad = verdict.state === 'stuck' || verdict.state === 'failed';
  const painted = bad ? lines.map((line) => line.replace(text(state), () => paint(text(state), 'red', look))) : lines;
  return [...outcomes, ...painted];
}
