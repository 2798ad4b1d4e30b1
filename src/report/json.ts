import type { Analysis } from '../analysis/analyse.ts';
import { COMPONENT_ATTRIBUTE } from '../analysis/timing/component.ts';
import { eventOffset } from '../analysis/events.ts';
import type { Finding } from '../analysis/findings/finding.ts';
import { webhookCalls, type WebhookCalls } from '../analysis/webhook-calls.ts';
import { labelOf, SHORT_LABEL_ATTRIBUTE } from '../analysis/kubernetes/label.ts';
import { base64Of } from '../format/base64.ts';
import type { AttributeValue, Attributes, Resource } from '../trace/span.ts';
import { rfc3339 } from '../trace/time.ts';
import type { PlacedSpan, Trace, TraceNote } from '../trace/trace.ts';
import { jsonText } from './json-text.ts';
import type { JSONObject, JSONValue } from './json-value.ts';
import { aboutSlowest } from './repeated.ts';
import type { ErrorReport, Report, RequestReport } from './report.ts';
import { webhooksJSON } from './webhooks.ts';

export const API_VERSION = 'kubectl-trace/v1alpha1';

/** The document of `-o json`, as schema/request-trace.schema.json describes it, and docs/output.md for people. */
export function toJSON(report: Report): JSONObject {
  if (report.document !== undefined) return report.document;
  const { analysis } = report;
  const shown = aboutSlowest(report);
  const { requests, backend, error, ...head } = envelopeJSON(report, analysis?.trace);
  return {
    apiVersion: API_VERSION,
    kind: 'RequestTrace',
    ...head,
    verdict: report.verdict,
    requests,
    backend,
    trace: shown === null ? null : traceJSON(shown),
    summary: shown === null ? null : summaryJSON(shown),
    error,
  };
}

export const writeJSON = (report: Report): string => writeJSONDocument(toJSON(report));

export const writeJSONDocument = (document: JSONObject): string => jsonText(document, 2);

/** Fields of documents of every kind. `trace` shows the calls of webhooks. */
export function envelopeJSON(
  report: Pick<Report, 'toolVersion' | 'exitCode' | 'cluster' | 'command' | 'requests' | 'backend' | 'error'>,
  trace?: Trace,
) {
  const { command } = report;
  const calls = trace && webhookCalls(trace, new Set(report.requests.map(({ spanID }) => spanID)));
  return {
    tool: { version: report.toolVersion },
    exitCode: report.exitCode,
    cluster: { ...report.cluster },
    command: {
      verb: command.verb,
      args: command.args,
      ran: command.ran ?? null,
      traceID: command.traceID,
      spanID: command.spanID,
      parentSpanID: command.parentSpanID ?? null,
      startTime: command.startTime === null ? null : rfc3339(command.startTime),
      durationNanos: command.durationNanos,
    },
    requests: report.requests.map((request) => requestJSON(request, calls)),
    backend: report.backend === null ? null : { ...report.backend },
    error: report.error === null ? null : errorJSON(report.error),
  };
}

function errorJSON({ code, reason, message, hint }: ErrorReport): JSONObject {
  return { code, reason, message, hint };
}

function requestJSON(request: RequestReport, calls: ReturnType<typeof webhookCalls> | undefined): JSONObject {
  const { lookup, boundObject: _, clientPhases, roundTripNanos, receivedNanos, tlsEnd, openNanos, ...rest } = request;
  return {
    ...rest,
    phases: { ...rest.phases },
    error: rest.error === null ? null : { ...rest.error },
    outcome: rest.outcome ?? null,
    dryRun: rest.dryRun ?? false,
    webhooks: webhooksJSON(rest.webhooks ?? null, calledIn(request, calls)),
    clientPhases: clientPhases == null ? null : { ...clientPhases },
    roundTripNanos: roundTripNanos ?? null,
    receivedNanos: receivedNanos == null ? null : [...receivedNanos],
    tlsEnd: tlsEnd ?? null,
    openNanos: openNanos ?? null,
    body: rest.body ?? null,
    lookup:
      lookup === null
        ? null
        : {
            ...lookup,
            servedBy: lookup.servedBy === null ? null : { ...lookup.servedBy },
            missing: lookup.missing.map((span) => ({ ...span })),
            reasons: lookup.reasons.map((reason) => ({ ...reason })),
          },
  };
}

/** Null where the trace shows nothing that the server did for the request. */
function calledIn(
  { spanID, lookup }: RequestReport,
  calls: ReturnType<typeof webhookCalls> | undefined,
): readonly WebhookCalls[] | null {
  const own = calls?.get(spanID);
  if (own !== undefined) return own;
  return lookup != null && lookup.received > 0 ? [] : null;
}

export function traceJSON(analysis: Analysis): JSONObject {
  const { trace } = analysis;
  const resources = new Map<Resource, number>();
  for (const { span } of trace.spans) if (!resources.has(span.resource)) resources.set(span.resource, resources.size);
  return {
    startUnixNano: String(trace.startedAt),
    durationNanos: trace.duration,
    spanCount: trace.spans.length,
    resources: [...resources.keys()].map(({ service, attributes }) => ({
      service,
      attributes: attributesJSON(attributes),
    })),
    notes: trace.notes.map(noteJSON),
    spans: trace.spans.map((placed) => spanJSON(placed, analysis, resources)),
  };
}

function spanJSON(placed: PlacedSpan, analysis: Analysis, resources: ReadonlyMap<Resource, number>): JSONObject {
  const { span } = placed;
  const json: Record<string, JSONValue> = { spanID: span.spanID };
  if (placed.parent !== undefined) json['parentSpanID'] = placed.parent.spanID;
  json['traceID'] = span.traceID;
  json['name'] = span.name;
  const shortLabel = span.attributes[SHORT_LABEL_ATTRIBUTE];
  json['label'] = labelOf(placed)[0];
  if (placed.source !== 'span' && typeof shortLabel === 'string') json['shortLabel'] = shortLabel;
  json['kind'] = span.kind;
  json['component'] = analysis.component[placed.index] ?? 'other';
  json['service'] = span.resource.service;
  json['resource'] = resources.get(span.resource) ?? 0;
  if (span.scope !== undefined) json['scope'] = { ...span.scope };
  json['startOffsetNanos'] = placed.offset;
  json['durationNanos'] = placed.duration;
  if (!placed.ended) json['ended'] = false;
  json['selfNanos'] = analysis.self[placed.index] ?? 0;
  json['onCriticalPath'] = analysis.onCriticalPath.has(placed.index);
  json['inferred'] = placed.inferred;
  json['source'] = placed.source;
  const precision = placed.precision ?? (placed.inferred ? 'inferred' : undefined);
  if (precision !== undefined) json['precision'] = precision;
  if (span.status.code !== 'unset') json['status'] = { ...span.status };
  const attributes = attributesJSON(span.attributes);
  if (Object.keys(attributes).length > 0) json['attributes'] = attributes;
  if (span.events.length > 0) {
    json['events'] = span.events.map((event) => ({
      name: event.name,
      offsetNanos: eventOffset(event, placed, analysis.trace),
      attributes: attributesJSON(event.attributes),
    }));
  }
  if (span.links.length > 0) {
    json['links'] = span.links.map((link) => ({ ...link, attributes: attributesJSON(link.attributes) }));
  }
  if (placed.moved) json['original'] = originalJSON(placed);
  return json;
}

function noteJSON({ code, spanIDs, clock }: TraceNote): JSONObject {
  if (clock === undefined) return { code, spanIDs };
  const { service, caller, lowest, highest } = clock;
  return { code, spanIDs, clock: { service, caller, lowestNanos: lowest, highestNanos: highest } };
}

/** Values that the process reported, where the tree differs from them. */
function originalJSON({ span }: PlacedSpan): JSONObject {
  return {
    name: span.name,
    parentSpanID: span.parentSpanID ?? null,
    startUnixNano: String(span.start),
    endUnixNano: String(span.end),
  };
}

export function summaryJSON(analysis: Analysis): JSONObject {
  return {
    openNanos: analysis.openNanos,
    components: analysis.componentTimes.map(({ component, nanos, share }) => ({ component, nanos, share })),
    criticalPath: analysis.criticalPath.map(({ span, from, to }) => ({
      spanID: span.spanID,
      fromOffsetNanos: from,
      toOffsetNanos: to,
    })),
    findings: analysis.findings.map(findingJSON),
  };
}

function findingJSON({ spans, ...finding }: Finding): JSONObject {
  return { ...finding, spanIDs: spans.map(({ spanID }) => spanID) };
}

/** Attributes that only steer our own drawing say nothing to a script. */
const OWN = new Set([COMPONENT_ATTRIBUTE, SHORT_LABEL_ATTRIBUTE]);

function attributesJSON(attributes: Attributes): JSONObject {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (OWN.has(name) ? [] : [[name, attributeJSON(value)]])),
  );
}

/** Values that JSON numbers cannot hold are strings: integers beyond 2^53, NaN and Infinity; bytes are base64. */
function attributeJSON(value: AttributeValue): JSONValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    return !Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER ? String(value) : value;
  }
  if (value instanceof Uint8Array) return base64Of(value);
  if (Array.isArray(value)) return value.map((item: AttributeValue) => attributeJSON(item));
  return attributesJSON(value as Attributes);
}
