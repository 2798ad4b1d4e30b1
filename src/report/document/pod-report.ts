import type { StageTime } from '../../pod/budget.ts';
import { STAGES } from '../../pod/stage.ts';
import type { PodLifecycle } from '../../pod/lifecycle.ts';
import { buildTrace } from '../../trace/build.ts';
import { parseSpanID, parseTraceID, type SpanID, type TraceID } from '../../trace/ids.ts';
import { after, epochNanos, nanos, type EpochNanos } from '../../trace/time.ts';
import type { Trace } from '../../trace/trace.ts';
import type { JSONObject } from '../json-value.ts';
import type { PodReport } from '../pod-report.ts';
import type { DocumentReader } from './document-reader.ts';
import { readPodSet } from './pod-set.ts';
import { readVerdict, time } from './pod-verdict.ts';
import { readWorkloadReport } from './pod-workload.ts';
import { openDocument, readEnvelope } from './report.ts';
import { readTrace } from './trace.ts';

export const isPodDocument = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'PodTrace';

/**
 * Reads what `kubectl trace pod -o json` has printed. The document itself stays with the report, so that it is printed
 * again as it was, with keys that a later version has added. Throws UsageError.
 */
export function readPodDocument(value: unknown): PodReport {
  const document = openDocument(value);
  const envelope = readEnvelope(document);
  const subject = document.object('subject');
  const verdict = document.objectOrNull('verdict');
  const trace = document.objectOrNull('trace');
  const analysis =
    trace === null ? null : readTrace(trace, document.objectOrNull('summary'), { requests: envelope.requests });
  const lifecycles = document
    .objects('pods')
    .map((pod, index) => readLifecycle(pod, index === 0 ? analysis?.trace : undefined));
  const { startTime, durationNanos } = envelope.command;
  const set = readPodSet(document);
  const namespace = subject.textOrNull('namespace');
  const clock = document.has('clock') ? document.objectOrNull('clock') : null;
  const ahead = clock?.nanosOrNull('aheadNanos') ?? null;
  return {
    ...envelope,
    document: value as JSONObject,
    subject: {
      kind: subject.text('kind'),
      // A command that failed early knew of none.
      namespace: set === null ? (namespace ?? '') : namespace,
      name: subject.text('name'),
    },
    verdict: verdict === null ? null : readVerdict(verdict),
    workload: readWorkloadReport(document),
    set,
    lifecycles,
    owner: undefined,
    podsLeftOut: document.integer('podsLeftOut'),
    gaps: document.objects('gaps').map((gap) => ({ what: gap.text('what'), why: gap.text('why') })),
    // Before 0.2 the cluster's clock was not distinguished from this machine's.
    now: clock === null ? after(startTime ?? epochNanos(0n), durationNanos ?? nanos(0)) : time(clock, 'time'),
    clock: clock === null || ahead === null ? null : { ahead, uncertainty: clock.nanos('uncertaintyNanos') },
  };
}

/** `trace` is there for the worst pod alone: nothing of the others' is drawn. */
function readLifecycle(pod: DocumentReader, trace: Trace | undefined): PodLifecycle {
  const startedAt = time(pod, 'startTime');
  const uid = pod.text('uid');
  return {
    namespace: pod.text('namespace'),
    name: pod.text('name'),
    uid,
    node: pod.textOrNull('node'),
    containers: pod.has('containers')
      ? pod.objects('containers').map((container) => ({ name: container.text('name'), image: container.text('image') }))
      : [],
    verdict: readVerdict(pod.object('verdict')),
    stages: pod.objects('stages').map(readStage),
    startedAt,
    end: after(startedAt, pod.nanos('durationNanos')),
    trace: trace ?? emptyTrace(uid, startedAt),
    earlierEvents: pod.integer('earlierEvents'),
    quietSyncs: pod.has('quietSyncs') ? pod.integer('quietSyncs') : 0,
    traced: pod.boolean('traced'),
  };
}

function readStage(stage: DocumentReader): StageTime {
  const from = stage.nanos('startOffsetNanos');
  return {
    stage: stage.choice('stage', STAGES),
    from,
    to: nanos(from + stage.nanos('durationNanos')),
    open: stage.boolean('open'),
    source: stage.choice('source', ['span', 'event', 'condition', 'object']),
    uncertainty: stage.nanos('uncertaintyNanos'),
  };
}

function emptyTrace(uid: string, at: EpochNanos): Trace {
  const traceID = parseTraceID(uid.replaceAll('-', '')) ?? (`${'0'.repeat(31)}1` as TraceID);
  const spanID = parseSpanID(traceID.slice(16)) ?? ('0000000000000001' as SpanID);
  const span = {
    traceID,
    spanID,
    name: 'pod',
    kind: 'internal',
    start: at,
    end: at,
    status: { code: 'unset' },
    attributes: {},
    events: [],
    links: [],
    resource: { service: '', attributes: {} },
  } as const;
  // There is a span, so that there is a trace.
  return buildTrace([{ span, source: 'gap', inferred: false }]) as Trace;
}
