import type { PodLifecycle } from '../pod/lifecycle.ts';
import type { Verdict } from '../pod/verdict.ts';
import { rfc3339 } from '../trace/time.ts';
import { API_VERSION, envelopeJSON, summaryJSON, traceJSON } from './json.ts';
import type { JSONObject } from './json-value.ts';
import {
  analysePod,
  type RequestedSubject,
  type PodReport,
  type PodSetReport,
  type WorkloadReport,
} from './pod-report.ts';

/** Input of a document, also for a command that failed before it could read anything. */
export type DocumentedPods = Omit<PodReport, 'subject' | 'owner' | 'now' | 'clock'> & {
  readonly subject: RequestedSubject;
} & Partial<Pick<PodReport, 'now' | 'clock'>>;

/** The document of `kubectl trace pod -o json`, as schema/pod-trace.schema.json describes it. `trace` is the worst pod's. */
export function podJSON(report: DocumentedPods): JSONObject {
  if (report.document !== undefined) return report.document;
  const [lifecycle] = report.lifecycles;
  const analysis = lifecycle === undefined ? null : analysePod(lifecycle.trace);
  const { requests, backend, command, error, ...envelope } = envelopeJSON(report);
  return {
    apiVersion: API_VERSION,
    kind: 'PodTrace',
    ...envelope,
    command,
    clock: clockJSON(report),
    subject: { ...report.subject },
    verdict: report.verdict === null ? null : verdictJSON(report.verdict),
    workload: report.workload === null ? null : workloadJSON(report.workload),
    pods: report.lifecycles.map((pod) => lifecycleJSON(pod, report.workload)),
    set: report.set === null ? null : setJSON(report.set),
    podsLeftOut: report.podsLeftOut,
    gaps: report.gaps.map((gap) => ({ ...gap })),
    requests,
    backend,
    trace: analysis === null ? null : traceJSON(analysis),
    summary: analysis === null ? null : summaryJSON(analysis),
    error,
  };
}

const setJSON = ({ service, counts, reasons, ...set }: PodSetReport): JSONObject => ({
  ...set,
  service: service === null ? null : { ...service },
  counts: { ...counts },
  reasons: reasons.map((reason) => ({ ...reason })),
});

function clockJSON({ now, clock = null }: DocumentedPods): JSONObject | null {
  if (now === undefined) return null;
  return { time: rfc3339(now), aheadNanos: clock?.ahead ?? null, uncertaintyNanos: clock?.uncertainty ?? null };
}

function workloadJSON(workload: WorkloadReport): JSONObject {
  const { kind, namespace, name, state, reason, message, counts, revision, generation, observedGeneration } = workload;
  return {
    kind,
    namespace,
    name,
    state,
    reason,
    message,
    ...counts,
    revision,
    generation,
    observedGeneration,
    since: rfc3339(workload.since.at),
    pods: { ...workload.pods },
  };
}

function lifecycleJSON(lifecycle: PodLifecycle, workload: WorkloadReport | null): JSONObject {
  const { namespace, name, uid, node, containers, startedAt, end } = lifecycle;
  return {
    namespace,
    name,
    uid,
    node,
    role: workload?.roles.get(uid) ?? null,
    containers: containers.map((container) => ({ ...container })),
    startTime: rfc3339(startedAt),
    durationNanos: Number(end - startedAt),
    verdict: verdictJSON(lifecycle.verdict),
    stages: lifecycle.stages.map(({ stage, from, to, open, source, uncertainty }) => ({
      stage,
      startOffsetNanos: from,
      durationNanos: to - from,
      open,
      source,
      uncertaintyNanos: uncertainty,
    })),
    earlierEvents: lifecycle.earlierEvents,
    quietSyncs: lifecycle.quietSyncs,
    traced: lifecycle.traced,
  };
}

function verdictJSON({ state, stage, reason, since, cause, notes }: Verdict): JSONObject {
  return {
    state,
    stage,
    reason,
    since: since === null ? null : rfc3339(since.at),
    sinceUncertaintyNanos: since?.uncertainty ?? null,
    causeReason: cause?.reason ?? null,
    message: cause?.message ?? null,
    waitingFor: cause === null ? null : { ...cause.waitingFor },
    owner: cause?.owner ?? null,
    who: cause?.who ?? null,
    retryTime: cause?.retryAt === undefined ? null : rfc3339(cause.retryAt),
    evidence:
      cause?.evidence.map(({ kind, text, count = 1, first, last }) => ({
        kind,
        text,
        count,
        firstTime: first === undefined ? null : rfc3339(first),
        lastTime: last === undefined ? null : rfc3339(last),
      })) ?? [],
    next: cause?.next.map((step) => ({ ...step })) ?? [],
    notes: notes.map(({ text, next }) => ({ text, next: next === undefined ? null : { ...next } })),
  };
}
