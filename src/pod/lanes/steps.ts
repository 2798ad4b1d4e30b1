import { between } from '../../trace/time.ts';
import { MOMENT, type TimelineInput, type InferredRow } from './inferred-row.ts';
import type { MomentSource } from '../moment.ts';
import type { Reason } from '../reason.ts';
import { STAGE_WORDS } from '../stage.ts';
import { clockTime, exactTime, stepWords, timesWords } from './words.ts';

const SOURCES: Readonly<Record<MomentSource, InferredRow['source']>> = {
  span: 'gap',
  event: 'event',
  condition: 'condition',
  object: 'event',
};

/** Rows from the pod's creation to its node, with the scheduler's failures until then. */
export function schedulerRows({ snapshot, progress, end }: TimelineInput): InferredRow[] {
  const { pod, events } = snapshot;
  const { created, scheduled } = progress;
  const rows: InferredRow[] = [];
  const condition = pod.conditions.get('PodScheduled');
  if (pod.schedulingGates.length > 0) {
    const gates = pod.schedulingGates.join(', ');
    rows.push({
      label: [`scheduling gate ${gates}, still there (PodScheduled=False)`, `gate ${gates}`],
      from: created.at.at,
      to: end,
      source: 'condition',
      component: 'scheduler',
    });
  }
  const failures = events.filter(({ reason }) => reason === 'FailedScheduling');
  const [first] = failures;
  if (first !== undefined || condition?.reason === 'Unschedulable') {
    const times = failures.reduce((sum, { count }) => sum + count, 0);
    rows.push({
      label: [
        `scheduler  no node fits${timesWords(times)} (${first === undefined ? 'PodScheduled=False' : 'event FailedScheduling'})`,
        `scheduler: no node fits${timesWords(times)}`,
      ],
      from: first?.first.at ?? condition?.changed?.at ?? created.at.at,
      to: scheduled?.at.at ?? end,
      source: first === undefined ? 'condition' : 'event',
      component: 'scheduler',
      failed: scheduled === undefined,
    });
  }
  if (scheduled !== undefined) {
    const { at, source } = scheduled;
    // The event's own time, also where the step is taken to come later.
    const time = source === 'event' ? (events.find(({ reason }) => reason === 'Scheduled')?.first ?? at) : at;
    const quick = between(created.at.at, at.at) < MOMENT;
    const how = source === 'object' ? 'spec.nodeName' : source;
    rows.push({
      label: [
        `scheduler  to ${pod.node} (${how}, ${exactTime(time, snapshot.now)})`,
        `scheduler: to ${pod.node} (${how})`,
      ],
      from: quick ? at.at : created.at.at,
      to: at.at,
      source: SOURCES[source],
      component: 'scheduler',
    });
  }
  return rows;
}

/** A container that is restarted again and again is not running. */
const IN_LOOP: ReadonlySet<Reason> = new Set(['CrashLoop', 'OOMKilled', 'Liveness']);

/** Reasons that already have a row, from their start until now. */
const OPEN_ELSEWHERE = new Set(['SchedulingGated', 'Unschedulable', 'Finalizer', 'InitContainer']);
const OPEN_BY_SPANS = new Set(['ImagePull', 'Sandbox']);

/** The row of the current wait, which is inferred from the absence of reports. */
export function openRows({ verdict, syncs, end }: TimelineInput): InferredRow[] {
  const { cause, state, stage, since } = verdict;
  if (cause === null || since === null || (state !== 'stuck' && state !== 'progressing')) return [];
  if (OPEN_ELSEWHERE.has(cause.reason) || (syncs.length > 0 && OPEN_BY_SPANS.has(stage)) || since.at > end) return [];
  const { kind, name } = cause.waitingFor;
  const label = `${IN_LOOP.has(cause.reason) ? 'crash loop' : STAGE_WORDS[stage]}, still open`;
  return [
    {
      label: [`${label}: waits for ${kind} ${name} (inferred)`, label],
      from: since.at,
      to: end,
      source: 'gap',
      component: 'other',
      failed: state === 'stuck',
    },
  ];
}

/** Rows of steps without spans, and of the last steps: Ready, deletion. */
export function endRows({ snapshot, progress, syncs, end, verdict }: TimelineInput): InferredRow[] {
  const { pod } = snapshot;
  const rows: InferredRow[] = [];
  const step = (name: string, type: string): void => {
    const condition = pod.conditions.get(type);
    if (condition?.status !== 'True' || condition.changed === undefined) return;
    const cause = type === 'Ready' ? (progress.ready ?? progress.created) : progress.created;
    const at = condition.changed.at < cause.at.at ? cause.at.at : condition.changed.at;
    if (at > end) return;
    rows.push({
      label: [
        `${name} (condition ${type}, ${stepWords(condition.changed)})`,
        `${name} ${stepWords(condition.changed)}`,
      ],
      from: at,
      to: at,
      source: 'condition',
      component: 'kubelet',
    });
  };
  if (syncs.length === 0) step('sandbox and network there', 'PodReadyToStartContainers');
  if (pod.containers.some(({ init }) => init)) step('initialized', 'Initialized');
  if (verdict.state === 'ready') step('ready', 'Ready');
  const { deletion } = pod;
  if (deletion !== undefined) {
    const { requestedAt, dueAt, graceSeconds } = deletion;
    const over = dueAt.at > end ? end : dueAt.at;
    rows.push({
      label: [
        `deleted ${clockTime(requestedAt.at, snapshot.now)}, ${graceSeconds} s to end (deletionTimestamp, ${stepWords(requestedAt)})`,
        `deleted, ${graceSeconds} s to end`,
      ],
      from: requestedAt.at < end ? requestedAt.at : end,
      to: over > requestedAt.at ? over : requestedAt.at,
      source: 'event',
      component: 'apiserver',
    });
    if (verdict.reason === 'Finalizer' && verdict.since !== null) {
      const names = pod.finalizers.join(', ');
      rows.push({
        label: [`finalizer ${names}, still there (metadata.finalizers)`, `finalizer ${names}`],
        from: verdict.since.at,
        to: end,
        source: 'event',
        component: 'controller',
        failed: true,
      });
    }
  }
  return rows;
}
