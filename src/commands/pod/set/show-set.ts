import type { OutputFormat } from '../../../cli/options/output.ts';
import { ExitCode, TraceCommandError } from '../../../errors.ts';
import { kubectlLine } from '../../../kube/api/request-failure.ts';
import { podLifecycle, type PodLifecycle } from '../../../pod/lifecycle.ts';
import type { SchedulingObjects } from '../../../pod/scheduling/neighbors.ts';
import { STATES, type Verdict } from '../../../pod/verdict.ts';
import { setHeadline } from '../../../render/pod/set-words.ts';
import type { PodReport, PodSetReport, ServiceReport } from '../../../report/pod-report.ts';
import type { ErrorReport } from '../../../report/report.ts';
import type { Runtime } from '../../../runtime.ts';
import { errorReport } from '../../../tracing/errors.ts';
import { clusterNow } from '../cluster-time.ts';
import { LookAround, nothingAround, readOnce } from '../gather.ts';
import { podReport } from '../pod-report.ts';
import type { PodReader } from '../reader.ts';
import { judgeReading, snapshotOf, type Measure } from '../reading.ts';
import type { PodSelection } from '../selection.ts';
import type { PodTask } from '../show-pods.ts';
import { podSubject } from '../subject.ts';
import { readClaims } from './claims.ts';
import { readSet, type SetReading, type SetSource } from './read-set.ts';
import { findService } from './service.ts';
import { byUrgency, isWell } from './tally.ts';

/** A command about several pods. */
export type SetTask = Omit<PodTask, 'subject' | 'request' | 'made'>;

/** Outputs that show the picture of the worst pod: only for these is more read about it. */
export const PICTURES: ReadonlySet<OutputFormat> = new Set([
  'wide',
  'markdown',
  'svg',
  'summary',
  'otlp',
  'perfetto',
  'speedscope',
  'folded',
]);

/** Reads the pods, judges those that are not well, and resolves with the report. */
export async function showSet(
  task: SetTask,
  selection: PodSelection,
  { namespace, isPictured }: { readonly namespace: string; readonly isPictured: boolean },
  runtime: Runtime,
): Promise<PodReport> {
  const { reader, follow } = task;
  const { untilStuck } = follow;
  const { source, service } = await sourceOf(selection, namespace, reader);
  const reading = await readSet(source, reader, { clock: runtime.clock, untilStuck });
  const measure: Measure = { now: clusterNow(reader.clock, [], runtime.clock), untilStuck };
  const first = judgeSet(reading, measure);
  const scheduling = await readClaims(first, reading.pods, reader);
  const judged = scheduling.size === 0 ? first : judgeSet(reading, measure, scheduling);
  const lifecycles = isPictured ? await withPicture(judged, task, runtime) : judged;
  const set = setReport(selection, reading, judged, service);
  const subject =
    selection.kind === 'service'
      ? { kind: 'service', namespace, name: selection.name }
      : { kind: 'pods', namespace: source.namespace, name: '' };
  const report = podReport(
    { ...task, subject },
    { lifecycles, verdict: verdictOf(set, lifecycles), workload: null, owner: undefined },
    measure.now,
    { set, error: errorOf(set, subject, reading.missing) },
  );
  const listed = report.lifecycles.filter(({ verdict }) => !isWell(verdict)).length;
  const { progressing, stuck, failed } = set.counts;
  return { ...report, podsLeftOut: progressing + stuck + failed - listed };
}

interface FoundSource {
  readonly source: SetSource;
  readonly service: ServiceReport | null;
}

async function sourceOf(selection: PodSelection, namespace: string, reader: PodReader): Promise<FoundSource> {
  switch (selection.kind) {
    case 'named':
      return { source: { namespace, names: selection.names, isNamed: true }, service: null };
    case 'service':
      return findService(namespace, selection.name, reader);
    case 'all': {
      const { allNamespaces, labelSelector, fieldSelector } = selection;
      const source = {
        namespace: allNamespaces ? null : namespace,
        labelSelector: labelSelector ?? undefined,
        fieldSelector: fieldSelector ?? undefined,
        isNamed: false,
      };
      return { source, service: null };
    }
    default:
      return selection satisfies never;
  }
}

/** From the worst. What the events show may change a verdict that was reached without them. */
function judgeSet(
  { pods, events, node }: SetReading,
  measure: Measure,
  scheduling: ReadonlyMap<string, SchedulingObjects> = new Map(),
): readonly PodLifecycle[] {
  return pods
    .map(({ pod }) => {
      const found = node(pod.node);
      const nodes = new Map(found === undefined ? [] : [[found.name, found]]);
      return podLifecycle(
        snapshotOf(pod, events.get(pod.uid) ?? [], { ...nothingAround(), nodes, scheduling }, measure),
      );
    })
    .toSorted(
      (one, other) => byUrgency(one.verdict.state, other.verdict.state) || Number(one.startedAt - other.startedAt),
    );
}

/** The worst pod with its node, owners, logs and spans, as `pod NAME` reads it. */
async function withPicture(
  lifecycles: readonly PodLifecycle[],
  { reader, backend, follow }: SetTask,
  runtime: Runtime,
): Promise<readonly PodLifecycle[]> {
  const [worst, ...others] = lifecycles;
  if (worst === undefined) return lifecycles;
  try {
    const reading = await readOnce(podSubject(worst.namespace, worst.name), reader);
    const measure = (): Measure => ({
      now: clusterNow(reader.clock, reading.pods, runtime.clock),
      untilStuck: follow.untilStuck,
    });
    const around = new LookAround(reader, backend, runtime);
    const complete = await around.around(reading, judgeReading(reading, measure()).lifecycles);
    const [pictured] = judgeReading(complete, measure()).lifecycles;
    // It may have changed since: then the table is right about the time when it was read.
    const isSame = pictured?.uid === worst.uid && pictured.verdict.state === worst.verdict.state;
    return isSame ? [pictured, ...others] : lifecycles;
  } catch (error) {
    if (error instanceof TraceCommandError && error.reason === 'NotFound') return lifecycles;
    throw error;
  }
}

function setReport(
  selection: PodSelection,
  { total, others, replaced }: SetReading,
  lifecycles: readonly PodLifecycle[],
  service: ServiceReport | null,
): PodSetReport {
  const counts = { ...others };
  const reasons = new Map<NonNullable<Verdict['reason']>, number>();
  for (const { verdict } of lifecycles) {
    const { state, reason } = verdict;
    counts[state]++;
    if (reason !== null && isAlarm(verdict)) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return {
    labelSelector: selection.kind === 'all' ? selection.labelSelector : null,
    fieldSelector: selection.kind === 'all' ? selection.fieldSelector : null,
    names: selection.kind === 'named' ? selection.names : [],
    service,
    total,
    counts,
    replaced,
    reasons: [...reasons]
      .map(([reason, pods]) => ({ reason, pods }))
      .toSorted((one, other) => other.pods - one.pods || (one.reason < other.reason ? -1 : 1)),
  };
}

const isAlarm = ({ state }: Verdict): boolean => state === 'stuck' || state === 'failed';

/** The worst pod's; of pods that are all well only their state. Notes are about one pod, and stay there. */
function verdictOf({ counts }: PodSetReport, [worst]: readonly PodLifecycle[]): Verdict | null {
  if (worst !== undefined) return { ...worst.verdict, notes: [] };
  const [state] = STATES.filter((each) => counts[each] > 0).toSorted(byUrgency);
  return state === undefined ? null : { state, stage: 'Running', reason: null, since: null, cause: null, notes: [] };
}

/** A named pod that is missing is an error, as in kubectl; pods that are stuck or have failed are a result. */
function errorOf(
  set: PodSetReport,
  subject: PodReport['subject'],
  [missing, ...others]: readonly TraceCommandError[],
): ErrorReport | undefined {
  if (missing !== undefined) {
    const details = others.map(({ message }) => kubectlLine(message));
    return { ...errorReport(missing), ...(details.length > 0 && { details }) };
  }
  const { stuck, failed } = set.counts;
  if (stuck + failed === 0) return undefined;
  const reason = stuck > 0 ? 'PodStuck' : 'PodFailed';
  return { code: ExitCode.stuck, reason, message: setHeadline(subject, set), hint: null };
}
