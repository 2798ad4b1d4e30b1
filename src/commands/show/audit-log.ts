import { auditEventsIn } from '../../codec/audit/log.ts';
import { ExitCode } from '../../errors.ts';
import { counted } from '../../format/counted.ts';
import { escapeText } from '../../render/escape.ts';
import type { Report, RequestReport } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { nanos } from '../../trace/time.ts';
import { commandReport } from '../../tracing/command-report.ts';
import { isAwaitedOfClient, isUserRequest } from '../../tracing/lookup/is-awaited.ts';
import { SKIPPED } from '../../tracing/lookup/report.ts';
import type { RequestLookup } from '../../tracing/lookup/task.ts';
import { auditRows } from '../../tracing/source/audit/rows.ts';
import type { Input } from './input.ts';
import { clientSpansOf } from './look-again.ts';

/**
 * A command of before whose trace was not found, with the times that the API server's audit log has of its requests, by
 * their Audit-IDs. A trace says more: where one was found, the log is not used.
 */
export function fromAuditLog(document: Report, { bytes, name }: Input, runtime: Pick<Runtime, 'err'>): Report {
  const say = (note: string): Report => {
    runtime.err.write(`note: ${escapeText(note)}\n`);
    return document;
  };
  const { requests, command, analysis } = document;
  if (requests.some(({ lookup }) => lookup?.foundBy != null && lookup.foundBy !== 'audit-log')) {
    return say(`${name} is not used: what was found of this command says more`);
  }
  const sent = requests.map((request) => ({ ...request, lookup: null }));
  const auditIDs = sent.flatMap(({ auditID }) => auditID ?? []);
  const events = auditEventsIn(bytes, auditIDs);
  const { traceID } = command;
  if (events.size === 0 || traceID === null || analysis === null) {
    return say(`${name} has no event with the Audit-ID ${auditIDs.at(-1) ?? 'of this command'}`);
  }
  const isAwaited = command.verb === 'run' ? isAwaitedOfClient(sent) : isUserRequest;
  const lookups = sent.flatMap((request): RequestLookup[] => {
    const event = request.auditID === null ? undefined : events.get(request.auditID);
    return event === undefined
      ? []
      : [lookupOf(request, isAwaited(request), { rows: auditRows(event, request, traceID), traceID })];
  });
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

function lookupOf(
  sent: RequestReport,
  awaited: boolean,
  {
    rows,
    traceID,
  }: { readonly rows: ReturnType<typeof auditRows>; readonly traceID: RequestLookup['report']['traceID'] },
): RequestLookup {
  return {
    sent,
    awaited,
    webhooks: sent.webhooks,
    server: undefined,
    found: [],
    measured: rows,
    report: {
      ...SKIPPED,
      traceID,
      foundBy: 'audit-log',
      verdict: 'measured',
      received: rows.filter(({ inferred }) => !inferred).length,
      waitedNanos: nanos(0),
    },
  };
}
