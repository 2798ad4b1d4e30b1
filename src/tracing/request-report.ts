import { flowControlOf } from '../kube/api/flow-control.ts';
import { encodeQuery } from '../kube/api/request.ts';
import { isDryRun } from '../kube/api/write-request.ts';
import type { Exchange } from '../kube/http/exchange.ts';
import type { RequestReport } from '../report/report.ts';
import { between, type EpochNanos } from '../trace/time.ts';
import { objectCount } from './object-count.ts';

/** One exchange as the report tells it, before its trace is looked for. `startedAt` is when the command was. */
export function requestReport(exchange: Exchange, startedAt: EpochNanos): RequestReport {
  const { request } = exchange;
  const { flowSchemaUID, priorityLevelUID } = flowControlOf(exchange);
  return {
    purpose: request.purpose,
    spanID: exchange.context.spanID,
    auditID: exchange.auditID,
    method: request.method,
    path: request.path,
    query: encodeQuery(request.query),
    group: request.group,
    version: request.version,
    resource: request.resource,
    subresource: request.subresource,
    namespace: request.namespace,
    name: request.name,
    startOffsetNanos: between(startedAt, exchange.startedAt),
    durationNanos: exchange.durationNanos,
    phases: exchange.phases,
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
    lookup: null,
  };
}
