import { tableOf } from '../../format/table-of.ts';
import { parseSpanID, parseTraceID } from '../../trace/ids.ts';
import type { AttributeValue, Attributes, Span, SpanEvent, SpanKind } from '../../trace/span.ts';
import { epochNanos } from '../../trace/time.ts';
import { NO_EVENTS, NO_LINKS, setAttribute, type Decoded, type Mutable } from '../decoded.ts';
import { endFromMicros, nanosFromMicros } from '../integer.ts';
import { bounded, isObject, list, parseJSON, text, type JSONObject } from '../json.ts';
import { Pool, resourceOf } from '../pool.ts';
import { isResourceAttribute } from '../resource-attribute.ts';
import { linkOf } from './link.ts';
import { spanName } from './names.ts';
import { fromV1, isV1Span } from './version-1.ts';

/**
 * Decodes Zipkin's format, v2 or v1: a list of spans, or a list of such lists. Times are microseconds; all values are texts.
 * How OpenTelemetry's fields were folded into it: opentelemetry-collector-contrib, pkg/translator/zipkin/zipkinv2.
 * Undefined when the document has another shape.
 */
export function decodeZipkin(document: unknown, pool: Pool = new Pool()): Decoded | undefined {
  if (!Array.isArray(document)) return undefined;
  const spans: Span[] = [];
  let dropped = 0;
  for (const raw of document.flat() as unknown[]) {
    if (!isObject(raw) || !('traceId' in raw)) return undefined;
    for (const one of isV1Span(raw) ? fromV1(raw) : [raw]) {
      const span = decodeSpan(one, pool);
      if (span === undefined) dropped++;
      else spans.push(span);
    }
  }
  return { spans, dropped };
}

const KINDS: Readonly<Record<string, SpanKind>> = tableOf({
  CLIENT: 'client',
  SERVER: 'server',
  PRODUCER: 'producer',
  CONSUMER: 'consumer',
});

function decodeSpan(raw: JSONObject, pool: Pool): Span | undefined {
  const traceID = pool.traceID(text(raw['traceId']), parseTraceID);
  const spanID = parseSpanID(text(raw['id']));
  const start = nanosFromMicros(raw['timestamp']);
  // Durations below a microsecond are rounded up to one (Zipkin's API, `duration`): a span without one has not ended.
  const end = start === undefined ? undefined : endFromMicros(start, raw['duration']);
  if (traceID === undefined || spanID === undefined || start === undefined || end === undefined) return undefined;
  const tags = isObject(raw['tags']) ? raw['tags'] : {};
  const { links, scope, status, kind, attributes, resource } = unfold(tags, text(endpointName(raw)), pool);
  const span: Mutable<Span> = {
    traceID,
    spanID,
    name: spanName(text(raw['name']), resource.service, tags),
    kind: KINDS[text(raw['kind'])] ?? kind,
    start: epochNanos(start),
    end,
    status,
    attributes,
    events: eventsOf(raw['annotations']),
    links,
    resource,
  };
  const parent = parseSpanID(text(raw['parentId']));
  if (parent !== undefined) span.parentSpanID = parent;
  if (scope !== undefined) span.scope = scope;
  return span;
}

function endpointName({ localEndpoint }: JSONObject): unknown {
  return isObject(localEndpoint) ? localEndpoint['serviceName'] : undefined;
}

type Unfolded = Pick<Span, 'links' | 'status' | 'kind' | 'attributes' | 'resource' | 'scope'>;

/** Tags that stand for fields, and those that were attributes of the resource, and the rest. */
function unfold(tags: JSONObject, service: string, pool: Pool): Unfolded {
  const own: Record<string, AttributeValue> = {};
  const shared: Record<string, AttributeValue> = service === '' ? {} : { 'service.name': service };
  const links: Span['links'][number][] = [];
  for (const [name, value] of Object.entries(tags)) {
    if (FIELDS.has(name)) continue;
    const link = name.startsWith('otlp.link.') ? linkOf(text(value)) : undefined;
    if (link !== undefined) links.push(link);
    else setAttribute(isResourceAttribute(name) ? shared : own, name, text(value));
  }
  return {
    links: links.length === 0 ? NO_LINKS : links,
    status: statusOf(tags),
    kind: tags['span.kind'] === 'internal' ? 'internal' : 'unspecified',
    attributes: own,
    resource: pool.resource(shared, () => resourceOf(shared)),
    ...scopeOf(tags, pool),
  };
}

const FIELDS: ReadonlySet<string> = new Set([
  'span.kind',
  'error',
  'otel.status_code',
  'otel.status_description',
  'otel.scope.name',
  'otel.scope.version',
  'otel.library.name',
  'otel.library.version',
  'w3c.tracestate',
]);

function scopeOf(tags: JSONObject, pool: Pool): Pick<Unfolded, 'scope'> {
  const name = text(tags['otel.scope.name'] ?? tags['otel.library.name']);
  const scope = pool.scope(name, text(tags['otel.scope.version'] ?? tags['otel.library.version']));
  return scope === undefined ? {} : { scope };
}

/** Zipkin's own instrumentation has a tag `error` with a message, or nothing in it, and no status code. */
function statusOf(tags: JSONObject): Span['status'] {
  const said = tags['otel.status_code'];
  const error = tags['error'];
  const failed =
    /^(STATUS_CODE_)?ERROR$/i.test(text(said)) || (said === undefined && error !== undefined && error !== 'false');
  const code = failed ? 'error' : /^(STATUS_CODE_)?OK$/i.test(text(said)) ? 'ok' : 'unset';
  const message = text(tags['otel.status_description']) || (failed && error !== 'true' ? text(error) : '');
  return message === '' ? { code } : { code, message };
}

/** `name`, or `name|{"attribute": …}|0`, whose last part counts attributes that were dropped. */
const EVENT = /^([^|]*)\|(\{.*\})\|\d+$/s;

function eventsOf(annotations: unknown): readonly SpanEvent[] {
  const events: SpanEvent[] = [];
  for (const annotation of list(annotations)) {
    if (!isObject(annotation)) continue;
    const time = nanosFromMicros(annotation['timestamp']);
    if (time === undefined) continue;
    const value = text(annotation['value']);
    const [, name = value, folded = '{}'] = EVENT.exec(value) ?? [];
    const attributes = bounded(parseJSON(folded));
    events.push({ time: epochNanos(time), name, attributes: isObject(attributes) ? (attributes as Attributes) : {} });
  }
  return events.length === 0 ? NO_EVENTS : events;
}
