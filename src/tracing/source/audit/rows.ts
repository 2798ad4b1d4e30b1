import { COMPONENT_ATTRIBUTE, type Component } from '../../../analysis/timing/component.ts';
import { unreported } from '../../../analysis/timing/unreported.ts';
import type { AuditEvent } from '../../../codec/audit/events.ts';
import type { RequestReport } from '../../../report/report.ts';
import { deriveSpanID, type TraceID } from '../../../trace/ids.ts';
import type { Span } from '../../../trace/span.ts';
import { after, between } from '../../../trace/time.ts';
import type { TraceInput } from '../../../trace/trace.ts';

interface Layer {
  readonly key: string;
  readonly name: string;
  readonly component: Component;
}

/**
 * In the order in which a request passes them (k8s.io/apiserver pkg/endpoints/request/webhook_duration.go). `etcd` counts
 * reads alone, and `serialize-response-object` includes `response-write`.
 */
const LAYERS: readonly Layer[] = [
  { key: 'authentication', name: 'authentication', component: 'apiserver' },
  { key: 'impersonation', name: 'impersonation', component: 'apiserver' },
  { key: 'apf-queue-wait', name: 'queue of priority and fairness', component: 'apiserver' },
  { key: 'authorization', name: 'authorization', component: 'apiserver' },
  { key: 'etcd', name: 'etcd, reads', component: 'etcd' },
  { key: 'decode-response-object', name: 'decode the stored object', component: 'apiserver' },
  { key: 'mutating-webhook', name: 'mutating webhooks', component: 'webhook' },
  { key: 'validating-webhook', name: 'validating webhooks, the slowest', component: 'webhook' },
  { key: 'transform-response-object', name: 'convert the response', component: 'apiserver' },
  { key: 'serialize-response-object', name: 'encode and write the response', component: 'apiserver' },
];

/**
 * The rows of one request by its audit event: its time as a whole is exact; of each layer the length is known and the
 * position is not, so that they stand one after the other. Below 500 ms there are no layers.
 *
 *     request       |--------------------------------|
 *     authorization |-|
 *     webhooks         |------------|
 *     the rest                       |...............|
 */
export function auditRows(event: AuditEvent, request: RequestReport, traceID: TraceID): readonly TraceInput[] {
  const { received, ended, latencies, mutating } = event;
  const root: Span = {
    traceID,
    spanID: deriveSpanID(request.spanID, 'audit'),
    parentSpanID: request.spanID,
    name: `${request.method} ${request.path}`,
    kind: 'server',
    start: received,
    end: ended,
    status: { code: 'unset' },
    attributes: { 'http.request.method': request.method, 'url.path': request.path, 'audit-id': event.auditID },
    events: [],
    links: [],
    resource: { service: 'apiserver', attributes: { 'service.name': 'apiserver' } },
  };
  const rows: TraceInput[] = [{ span: root, source: 'audit', inferred: false, precision: 'exact' }];
  let at = received;
  for (const { key, name, component } of LAYERS) {
    const length = latencies.get(key);
    if (length === undefined || length <= 0 || length > between(at, ended)) continue;
    const end = after(at, length);
    const named = key === 'mutating-webhook' && mutating.length > 0 ? `${name}: ${mutating.join(', ')}` : name;
    const row = unreported({
      parent: root,
      key: `audit ${key}`,
      name: `${named} (length only)`,
      short: name,
      start: at,
      end,
      component,
      source: 'gap',
    });
    const attributes = { ...row.span.attributes, [COMPONENT_ATTRIBUTE]: component };
    rows.push({
      ...row,
      span: { ...row.span, attributes },
      source: 'audit',
      inferred: false,
      precision: 'length-only',
    });
    at = end;
  }
  const name = rows.length === 1 ? 'apiserver, webhooks, etcd' : 'the rest: apiserver, etcd';
  const rest = { parent: root, key: 'audit rest', name: `${name} (inferred)`, short: name, start: at, end: ended };
  if (at >= ended) return rows;
  const row = unreported({ ...rest, component: 'other', source: 'gap' });
  return [...rows, { ...row, source: 'audit', precision: 'inferred' }];
}
