import { loggedTimesIn } from '../../codec/apiserver-log/log.ts';
import { auditEventsIn } from '../../codec/audit/log.ts';
import { ExitCode } from '../../errors.ts';
import { counted } from '../../format/counted.ts';
import { escapeText } from '../../render/escape.ts';
import type { LookupReport, Report, RequestReport } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import type { TraceID } from '../../trace/ids.ts';
import { after, nanos, type EpochNanos } from '../../trace/time.ts';
import type { TraceInput } from '../../trace/trace.ts';
import { commandReport } from '../../tracing/command-report.ts';
import { isAwaitedOfClient, isUserRequest } from '../../tracing/lookup/is-awaited.ts';
import { SKIPPED } from '../../tracing/lookup/report.ts';
import type { RequestLookup } from '../../tracing/lookup/task.ts';
import { logRows } from '../../tracing/source/apiserver-log/rows.ts';
import { auditRows } from '../../tracing/source/audit/rows.ts';
import type { LogKind } from './arguments.ts';
import type { Input } from './input.ts';
import { clientSpansOf } from './look-again.ts';

/** Finds a request in a log; undefined for one that the log does not have. */
type TimesOf = (request: RequestReport) => Pick<RequestLookup, 'measured' | 'flowControl'> | undefined;

interface StoredCommand {
  readonly traceID: TraceID;
  readonly startTime: EpochNanos;
}

/** Reads what a log has of some requests, by their Audit-IDs. */
const READERS: Readonly<
  Record<LogKind, (bytes: Buffer, auditIDs: readonly string[], command: StoredCommand) => TimesOf>
> = {
  'audit-log': (bytes, auditIDs, { traceID }) => {
    const events = auditEventsIn(bytes, auditIDs);
    return (request) => {
      const event = events.get(request.auditID ?? '');
      return event && { measured: auditRows(event, request, traceID) };
    };
  },
  'apiserver-log': (bytes, auditIDs, { traceID, startTime }) => {
    const times = loggedTimesIn(bytes, auditIDs);
    return (request) => {
      const found = times.get(request.auditID ?? '');
      if (found === undefined) return undefined;
      const sentAt = after(startTime, request.startOffsetNanos);
      const { http } = found;
      const flowControl = http && { priorityLevel: http.priorityLevel, flowSchema: http.flowSchema };
      return { measured: logRows(found, { request, traceID, sentAt }), flowControl };
    };
  },
};

const WORDS: Readonly<Record<LogKind, string>> = { 'audit-log': 'event', 'apiserver-log': 'line' };

/**
 * A command of before whose trace was not found, with the times that a log of the API server has of its requests. A trace
 * says more: where one was found, the log is not used.
 */
export function fromLog(
  document: Report,
  { bytes, name, kind }: Input & { readonly kind: LogKind },
  runtime: Pick<Runtime, 'err'>,
): Report {
  const say = (note: string): Report => {
    runtime.err.write(`note: ${escapeText(note)}\n`);
    return document;
  };
  const { requests, command, analysis } = document;
  if (requests.some(({ lookup }) => lookup?.foundBy != null && !isLog(lookup.foundBy))) {
    return say(`${name} is not used: what was found of this command says more`);
  }
  const sent = requests.map((request) => ({ ...request, lookup: null }));
  const auditIDs = sent.flatMap(({ auditID }) => auditID ?? []);
  const { traceID, startTime } = command;
  if (traceID === null || startTime === null || analysis === null) return say(`${name} has nothing of this command`);
  const timesOf = READERS[kind](bytes, auditIDs, { traceID, startTime });
  const isAwaited = command.verb === 'run' ? isAwaitedOfClient(sent) : isUserRequest;
  const lookups = sent.flatMap((request): RequestLookup[] => {
    const { measured = [], flowControl } = timesOf(request) ?? {};
    const report = reportOf(measured, { traceID, kind });
    const own = { sent: request, awaited: isAwaited(request), webhooks: request.webhooks, report };
    return measured.length === 0 ? [] : [{ ...own, server: undefined, found: [], measured, flowControl }];
  });
  if (lookups.length === 0) {
    return say(`${name} has no ${WORDS[kind]} with the Audit-ID ${auditIDs.at(-1) ?? 'of this command'}`);
  }
  const missing = sent.filter((request) => isAwaited(request) && !lookups.some((one) => one.sent === request));
  if (missing.length > 0) say(`${name} does not have ${counted(missing.length, 'request')} of the command`);
  const { document: _, ...known } = document;
  const looked = { requests: lookups, backend: null, serverVersion: null, error: null };
  const hasFailed = document.error?.code === ExitCode.requestFailed;
  return {
    ...known,
    ...commandReport(sent, clientSpansOf(document), looked),
    ...(!hasFailed && { exitCode: command.verb === 'run' ? document.exitCode : ExitCode.ok, error: null }),
  };
}

const isLog = (foundBy: string): boolean => Object.hasOwn(READERS, foundBy);

const reportOf = (
  rows: readonly TraceInput[],
  { traceID, kind }: { readonly traceID: TraceID; readonly kind: LogKind },
): LookupReport => ({
  ...SKIPPED,
  traceID,
  foundBy: kind,
  verdict: 'measured',
  received: rows.filter(({ inferred }) => !inferred).length,
  waitedNanos: nanos(0),
});
