import type { Resource, Scope, Span, SpanEvent, SpanKind, SpanLink, Status } from '../../trace/span.ts';
import { NOT_ENDED } from '../../trace/ended.ts';
import { NO_EVENTS, NO_LINKS, type Decoded, type Mutable } from '../decoded.ts';
import { instantFromNanos } from '../integer.ts';
import { isObject, list, text, type JSONObject } from '../json.ts';
import { parseExactly, readDocuments } from '../documents.ts';
import { otlpSpanID, otlpTraceID } from './id.ts';
import { elements } from '../json-stream/chunked-list.ts';
import { otlpAttributes, type Exactness } from './value.ts';
import { Pool, resourceOf } from '../pool.ts';

/**
 * Decodes OTLP JSON as servers really write it: Jaeger's api_v3 (`{result: …}`), Tempo (`{trace: …}`, `batches`,
 * base64 IDs, enums by name), files of a Collector (one document a line), `instrumentationLibrarySpans` of 2021.
 * Undefined when the text is not JSON, or has no place for spans.
 */
export function decodeOTLP(source: string, pool: Pool = new Pool()): Decoded | undefined {
  const bytes = Buffer.from(source);
  try {
    return readDocuments(bytes, (parsed) =>
      parsed === undefined ? undefined : decodeOTLPDocuments(parsed, bytes, pool),
    );
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Throws SyntaxError where a list of spans is not JSON. */
function decodeOTLPDocuments(parsed: readonly unknown[], source: Buffer, pool: Pool): Decoded | undefined {
  const exactness: Exactness = { exact: true };
  const decoded = decodeDocuments(parsed, pool, exactness);
  // Nanoseconds of today need 61 bits. Only few servers write them as bare numbers, so only then is the dearer way gone.
  if (decoded === undefined || exactness.exact) return decoded;
  return readDocuments(source, (exact) => decodeDocuments(exact ?? [], pool, { exact: true }), parseExactly);
}

function decodeDocuments(parsed: readonly unknown[], pool: Pool, exactness: Exactness): Decoded | undefined {
  const spans: Span[] = [];
  let dropped = 0;
  for (const document of parsed) {
    const more = decodeOTLPDocument(document, pool, exactness, spans);
    if (more === undefined) return undefined;
    dropped += more;
  }
  return { spans, dropped };
}

/**
 * Adds one document's spans to `spans`; the number of those that could not be decoded, or undefined when it has no place
 * for spans. Throws SyntaxError where a list of spans is not JSON.
 */
export function decodeOTLPDocument(
  document: unknown,
  pool: Pool,
  exactness: Exactness,
  spans: Span[],
): number | undefined {
  const groups = resourceGroups(document);
  if (groups === undefined) return undefined;
  let dropped = 0;
  for (const group of groups) if (isObject(group)) dropped += decodeGroup(group, spans, pool, exactness);
  return dropped;
}

/** The list of spans by resource, whatever it is wrapped in. */
function resourceGroups(document: unknown): readonly unknown[] | undefined {
  if (!isObject(document)) return undefined;
  const inner = document['result'] ?? document['trace'] ?? document;
  if (!isObject(inner)) return undefined;
  const groups = inner['resourceSpans'] ?? inner['batches'];
  if (groups === undefined || groups === null) {
    return inner === document && !('resourceSpans' in inner || 'batches' in inner) ? undefined : [];
  }
  return Array.isArray(groups) ? groups : undefined;
}

/** Adds a resource's spans to `spans`; the number of those that could not be decoded. */
function decodeGroup(group: JSONObject, spans: Span[], pool: Pool, exactness: Exactness): number {
  const raw = group['resource'];
  const resource = pool.resource(
    raw,
    () => resourceOf(otlpAttributes(isObject(raw) ? raw['attributes'] : undefined, exactness)),
    () => exactness.exact,
  );
  let dropped = 0;
  for (const scopeGroup of list(group['scopeSpans'] ?? group['instrumentationLibrarySpans'])) {
    if (!isObject(scopeGroup)) continue;
    const rawScope = scopeGroup['scope'] ?? scopeGroup['instrumentationLibrary'];
    const scope = isObject(rawScope) ? pool.scope(text(rawScope['name']), text(rawScope['version'])) : undefined;
    for (const rawSpan of elements(scopeGroup['spans'])) {
      const span = decodeSpan(rawSpan, resource, scope, pool, exactness);
      if (span === undefined) dropped++;
      else spans.push(span);
    }
  }
  return dropped;
}

function decodeSpan(
  raw: unknown,
  resource: Resource,
  scope: Scope | undefined,
  pool: Pool,
  exactness: Exactness,
): Span | undefined {
  if (!isObject(raw)) return undefined;
  const startValue = raw['startTimeUnixNano'];
  const endValue = raw['endTimeUnixNano'];
  if (typeof startValue === 'number' || typeof endValue === 'number') exactness.exact = false;
  const traceID = pool.traceID(text(raw['traceId']), otlpTraceID);
  const spanID = otlpSpanID(raw['spanId']);
  const start = instantFromNanos(startValue);
  const end = endValue === undefined || endValue === null ? NOT_ENDED : instantFromNanos(endValue);
  if (traceID === undefined || spanID === undefined || start === undefined || end === undefined) return undefined;
  const span: Mutable<Span> = {
    traceID,
    spanID,
    name: pool.name(text(raw['name'])),
    kind: kindOf(raw['kind']),
    start,
    end,
    status: statusOf(raw['status']),
    attributes: otlpAttributes(raw['attributes'], exactness),
    events: eventsOf(raw['events'], exactness),
    links: linksOf(raw['links'], exactness),
    resource,
  };
  const parent = otlpSpanID(raw['parentSpanId']);
  if (parent !== undefined) span.parentSpanID = parent;
  if (scope !== undefined) span.scope = scope;
  return span;
}

const KINDS: readonly SpanKind[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const KINDS_BY_NAME = new Map<unknown, SpanKind>(KINDS.map((kind) => [`SPAN_KIND_${kind.toUpperCase()}`, kind]));

function kindOf(value: unknown): SpanKind {
  return (typeof value === 'number' ? KINDS[value] : KINDS_BY_NAME.get(value)) ?? 'unspecified';
}

const STATUSES: readonly Status[] = [{ code: 'unset' }, { code: 'ok' }, { code: 'error' }];
const STATUSES_BY_NAME = new Map<unknown, Status>(
  STATUSES.map((status) => [`STATUS_CODE_${status.code.toUpperCase()}`, status]),
);

function statusOf(raw: unknown): Status {
  const unset = STATUSES[0] as Status;
  if (!isObject(raw)) return unset;
  const code = raw['code'];
  const status = (typeof code === 'number' ? STATUSES[code] : STATUSES_BY_NAME.get(code)) ?? unset;
  const message = text(raw['message']);
  return message === '' ? status : { code: status.code, message };
}

function eventsOf(raw: unknown, exactness: Exactness): readonly SpanEvent[] {
  const all = list(raw);
  if (all.length === 0) return NO_EVENTS;
  const events: SpanEvent[] = [];
  for (const event of all) {
    if (!isObject(event)) continue;
    if (typeof event['timeUnixNano'] === 'number') exactness.exact = false;
    const time = instantFromNanos(event['timeUnixNano']);
    if (time === undefined) continue;
    events.push({ time, name: text(event['name']), attributes: otlpAttributes(event['attributes'], exactness) });
  }
  return events;
}

function linksOf(raw: unknown, exactness: Exactness): readonly SpanLink[] {
  const all = list(raw);
  if (all.length === 0) return NO_LINKS;
  const links: SpanLink[] = [];
  for (const link of all) {
    if (!isObject(link)) continue;
    const traceID = otlpTraceID(link['traceId']);
    const spanID = otlpSpanID(link['spanId']);
    if (traceID === undefined || spanID === undefined) continue;
    links.push({ traceID, spanID, attributes: otlpAttributes(link['attributes'], exactness) });
  }
  return links;
}
