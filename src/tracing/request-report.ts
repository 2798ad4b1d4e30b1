import { redactQuery } from '../format/redact-command.ts';
import { flowControlOf } from '../kube/api/flow-control.ts';
import { encodeQuery } from '../kube/api/request.ts';
import { isObject, parseJSON } from '../kube/json.ts';
import { isDryRun } from '../kube/api/write-request.ts';
import type { Exchange } from '../kube/http/exchange.ts';
import type { RequestReport } from '../report/report.ts';
import { between, type EpochNanos } from '../trace/time.ts';
import { hasBoundObject } from './bound-object.ts';

/** One exchange as the report has it, before its trace is looked for. `startedAt` is when the command was. */
export function requestReport(exchange: Exchange, startedAt: EpochNanos): RequestReport {
  const { request } = exchange;
  const { flowSchemaUID, priorityLevelUID } = flowControlOf(exchange);
  return {
    purpose: request.purpose,
    spanID: exchange.context.spanID,
    auditID: exchange.auditID,
    method: request.method,
    path: request.path,
    query: encodeQuery(redactQuery(request.query)),
    group: request.group,
    version: request.version,
    resource: request.resource,
    subresource: request.subresource,
    namespace: request.namespace,
    name: request.name,
    startOffsetNanos: between(startedAt, exchange.startedAt),
    durationNanos: exchange.durationNanos,
    phases: exchange.phases,
    clientPhases: exchange.clientPhases ?? null,
    roundTripNanos: exchange.roundTripNanos ?? null,
    receivedNanos: (exchange.openNanos == null && exchange.receivedNanos) || null,
    tlsEnd: exchange.tlsEnd ?? null,
    openNanos: exchange.openNanos ?? null,
    connectionReused: exchange.connectionReused,
    status: exchange.status,
    requestBytes: exchange.requestBytes,
    responseBytes: exchange.responseBytes,
    flowSchema: flowSchemaUID,
    priorityLevel: priorityLevelUID,
    warnings: exchange.warnings,
    error: exchange.error === null ? null : { reason: exchange.error.reason, message: exchange.error.message },
    objectCount: objectCount(exchange),
    dryRun: isDryRun(request),
    boundObject: hasBoundObject(request),
    lookup: null,
  };
}

/**
 * Number of objects in a response: rows of a table, items of a list, or one. Null for anything that is not an object.
 */
function objectCount({ status, body, headers }: Exchange): number | null {
  if (status === null || status >= 300 || !/\bjson\b/.test(headers['content-type'] ?? '')) return null;
  const document = parseJSON(body);
  if (!isObject(document)) return null;
  const { kind, rows, items } = document;
  // Null is as none, as the API machinery has it.
  if (kind === 'Table' && (Array.isArray(rows) || rows === null)) return rows?.length ?? 0;
  if (Array.isArray(items) || items === null) return items?.length ?? 0;
  return typeof kind === 'string' ? 1 : null;
}
