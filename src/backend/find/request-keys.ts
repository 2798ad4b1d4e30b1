import type { SpanID, TraceID } from '../../trace/ids.ts';
import type { AttributeValue, Span } from '../../trace/span.ts';
import type { EpochNanos } from '../../trace/time.ts';

/** Properties that identify a request without another key: sound only with a user agent that no other command has. */
export interface Fingerprint {
  readonly userAgent: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/** Everything that one request's trace can be found by. */
export interface RequestKeys {
  /** Ours, shared by all requests of a command. */
  readonly traceID: TraceID;
  /** The request's client span. */
  readonly spanID: SpanID;
  /** From the response; null without one. */
  readonly auditID: string | null;
  readonly startedAt: EpochNanos;
  readonly fingerprint?: Fingerprint;
}

/** `service.name` of every server built on k8s.io/apiserver (pkg/server/options/tracing.go). */
export const API_SERVER = 'apiserver';

/** The API server writes no more of it on its spans (k8s.io/apiserver pkg/audit/context.go, GetAuditIDTruncated). */
export const auditIDOnSpans = (auditID: string): string => auditID.slice(0, 64);

/** Clients write the audit ID on their spans too, and a command that exports its own spans finds them in the backend. */
export function hasAuditID({ attributes, resource, kind }: Span, { auditID }: RequestKeys): boolean {
  if (auditID === null || auditID === '' || kind === 'client' || resource.service !== API_SERVER) return false;
  return attributes['audit-id'] === auditIDOnSpans(auditID);
}

/** Some server took over our trace context: the API server, a gateway before it, or etcd behind it. */
export const isServerBelow = (span: Span, keys: RequestKeys): boolean =>
  span.kind === 'server' && span.parentSpanID === keys.spanID && span.traceID === keys.traceID;

/** The API server began its own trace and names ours (otelhttp's public endpoint). */
export const linksTo = (span: Span, keys: RequestKeys): boolean =>
  span.links.some((link) => link.spanID === keys.spanID && link.traceID === keys.traceID);

/** Attribute names before and after OpenTelemetry's stable HTTP conventions; Kubernetes changed with 1.35. */
export const USER_AGENT_ATTRIBUTES = ['user_agent.original', 'http.user_agent'] as const;
const METHOD_ATTRIBUTES = ['http.request.method', 'http.method'] as const;
const PATH_ATTRIBUTES = ['url.path', 'http.target'] as const;

export function hasFingerprint(span: Span, { userAgent, method, path }: Fingerprint): boolean {
  return (
    span.kind === 'server' &&
    span.resource.service === API_SERVER &&
    firstText(span, USER_AGENT_ATTRIBUTES) === userAgent &&
    firstText(span, METHOD_ATTRIBUTES) === method &&
    firstText(span, PATH_ATTRIBUTES)?.split('?', 1)[0] === path
  );
}

function firstText(span: Span, names: readonly string[]): string | undefined {
  const value = names
    .map((name): AttributeValue | undefined => span.attributes[name])
    .find((item) => item !== undefined);
  return typeof value === 'string' ? value : undefined;
}
