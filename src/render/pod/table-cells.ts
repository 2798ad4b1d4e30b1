import { formatDuration } from '../../analysis/wording/duration.ts';
import { shortDuration } from '../../pod/lanes/words.ts';
import type { PodLifecycle } from '../../pod/lifecycle.ts';
import { STAGES, type Stage } from '../../pod/stage.ts';
import type { PodRole } from '../../pod/workload/pod-role.ts';
import { between } from '../../trace/time.ts';
import type { Look } from '../look.ts';
import type { TextTable } from '../text-table.ts';
import { truncate, type MeasureText } from '../terminal/width.ts';
import type { PodReport, WorkloadReport } from '../../report/pod-report.ts';

/** A person reads no more rows: the data outputs have all. */
const SLOWEST = 5;

/** Several pods: how many are in which stage and state, and those that are furthest behind. */
export function podTables(
  { lifecycles, now, workload, verdict }: PodReport,
  look: Look,
  measure: MeasureText,
): TextTable[] {
  const groups = new Map<string, PodLifecycle[]>();
  // The workload is not stuck: it gives its pods more time, or the one that they wait for is about to end.
  const isProgressing = workload !== null && verdict?.state === 'progressing';
  for (const lifecycle of lifecycles) {
    const key = cellsOf(lifecycle, workload, isProgressing).join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [lifecycle]);
    else group.push(lifecycle);
  }
  const stageOrder = (lifecycle: PodLifecycle): number => STAGES.indexOf(lifecycle.verdict.stage);
  const { text, ellipsis } = look.glyphs;
  const byStage = [...groups.values()].toSorted((one, other) => stageOrder(one[0]!) - stageOrder(other[0]!));
  const worst = lifecycles.slice(0, SLOWEST);
  const room = Math.max(12, look.columns - 58);
  return [
    {
      columns: [{ title: 'stage' }, { title: 'state' }, { title: 'reason' }, { title: 'pods', align: 'right' }],
      rows: byStage.map((group) => [...cellsOf(group[0]!, workload, isProgressing), String(group.length)]),
    },
    {
      columns: [{ title: 'pod' }, { title: 'stage' }, { title: 'state' }, { title: 'age', align: 'right' }],
      rows: worst.map((lifecycle) => [
        truncate(text(lifecycle.name), room, ellipsis, measure),
        lifecycle.verdict.stage satisfies Stage,
        cellsOf(lifecycle, workload, isProgressing)[1],
        text(ageWords(between(lifecycle.startedAt, now))),
      ]),
    },
  ];
}

/** The time since its creation, as `kubectl get` calls it. Creation times have a resolution of one second. */
const ageWords = (age: number): string => (age >= 1e9 ? shortDuration(age) : formatDuration(Math.max(0, age)));

/** Stage, state and reason. A pod that its workload only counts has no separate state to report. */
function cellsOf(
  { uid, verdict }: PodLifecycle,
  workload: WorkloadReport | null,
  isProgressing: boolean,
): [string, string, string] {
  const role = workload?.roles.get(uid) ?? 'current';
  if (role !== 'current') return [verdict.stage, roleWords(role, verdict.state, workload?.kind), '-'];
  const state = isProgressing && verdict.state === 'stuck' ? 'progressing' : verdict.state;
  return [verdict.stage, state, verdict.reason ?? '-'];
}

/** State of a pod that its workload only counts: `finished` and `failed` as its phase has it. */
function roleWords(role: Exclude<PodRole, 'current'>, state: PodLifecycle['verdict']['state'], kind?: string): string {
  switch (role) {
    case 'replaced':
      return kind === 'CronJob' ? 'earlier run' : 'old revision';
    case 'terminating':
      return 'terminating';
    case 'finished':
      return state === 'succeeded' ? 'finished' : 'failed';
    default:
      return role satisfies never;
  }
}
