import { setHeadline } from '../../render/pod/set-words.ts';
import { shownTraceID } from '../../render/terminal/header.ts';
import { readDocument } from '../../report/document/report.ts';
import { isPodDocument, readPodDocument } from '../../report/document/pod-report.ts';
import type { JSONObject } from '../../report/json-value.ts';
import type { PodReport } from '../../report/pod-report.ts';
import type { Report } from '../../report/report.ts';
import { rfc3339 } from '../../trace/time.ts';

/** One stored command, as a list shows it. */
export interface HistoryEntry {
  /** The ID on the command's screen. `show` takes it, and that of the command. */
  readonly traceID: string;
  /** The command's own ID, under which it is stored. */
  readonly commandTraceID: string;
  /** IDs of traces that servers started for its requests. */
  readonly serverTraceIDs: readonly string[];
  readonly startTime: Report['command']['startTime'];
  readonly durationNanos: number | null;
  readonly verb: string | null;
  readonly args: readonly string[];
  readonly context: string | null;
  /** The verdict on the trace, or the state of the pods: `stuck`. */
  readonly verdict: string | null;
  readonly exitCode: number;
  /** The headline of the first finding; of pods why they are stuck; null without. */
  readonly finding: string | null;
}

/** A document of the history. Throws UsageError for one that cannot be read. */
export function entryOf(traceID: string, document: unknown): HistoryEntry {
  if (isPodDocument(document)) return ofPods(traceID, readPodDocument(document));
  return ofRequests(traceID, readDocument(document));
}

function ofRequests(traceID: string, report: Report): HistoryEntry {
  const found = report.requests.flatMap(({ lookup }) => lookup?.traceID ?? []);
  const [first] = report.analysis?.findings ?? [];
  return {
    ...common(traceID, report),
    traceID: shownTraceID(report) ?? traceID,
    serverTraceIDs: [...new Set(found)].filter((id) => id !== traceID),
    verdict: report.verdict,
    finding: first?.headline ?? first?.title ?? report.error?.reason ?? null,
  };
}

function ofPods(traceID: string, report: PodReport): HistoryEntry {
  const { verdict, subject, set } = report;
  const isBad = verdict?.state === 'stuck' || verdict?.state === 'failed';
  const finding =
    set === null ? `${verdict?.reason ?? 'Unknown'}, ${verdict?.cause?.message}` : setHeadline(subject, set);
  return {
    ...common(traceID, report),
    traceID,
    serverTraceIDs: [],
    verdict: verdict?.state ?? null,
    finding: isBad ? finding : null,
  };
}

function common(
  commandTraceID: string,
  { command, cluster, exitCode }: Pick<Report, 'command' | 'cluster' | 'exitCode'>,
) {
  const { startTime, durationNanos, verb, args } = command;
  return { commandTraceID, startTime, durationNanos, verb, args, context: cluster.context, exitCode };
}

/** As schema/command-list.schema.json describes an item. */
export const entryJSON = ({ startTime, ...entry }: HistoryEntry): JSONObject => ({
  ...entry,
  startTime: startTime === null ? null : rfc3339(startTime),
});
