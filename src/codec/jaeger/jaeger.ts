import { parseSpanID, parseTraceID, type SpanID, type TraceID } from '../../trace/ids.ts';
import type { Resource, Span, SpanEvent, SpanLink } from '../../trace/span.ts';
import { epochNanos, type EpochNanos } from '../../trace/time.ts';
import { NO_ATTRIBUTES, NO_EVENTS, NO_LINKS, type Decoded, type Mutable } from '../decoded.ts';
import { endFromMicros, nanosFromMicros } from '../integer.ts';
import { plainTags, spanTags } from './tags.ts';
import { isObject, list, text } from '../json.ts';
import { elements } from '../json-stream/chunked-list.ts';
import { Pool, resourceOf } from '../pool.ts';

/**
 * Decodes a response of Jaeger's v1 HTTP API (`/api/traces`): `{data: [{traceID, spans, processes}]}`. Times come in
 * microseconds, so that a span below one has no length. Undefined when the document has another shape. The document may
 * be one that is parsed in pieces; then throws SyntaxError where a list of spans is not JSON.
 */
export function decodeJaeger(document: unknown, pool: Pool = new Pool()): Decoded | undefined {
  if (!isObject(document) || !('data' in document)) return undefined;
  if (document['data'] !== null && !Array.isArray(document['data'])) return undefined;
  const spans: Span[] = [];
  let dropped = 0;
  for (const trace of list(document['data'])) {
    if (!isObject(trace)) return undefined;
    const processes = processesOf(trace['processes'], pool);
    for (const raw of elements(trace['spans'])) {
      const span = decodeSpan(raw, processes, pool);
      if (span === undefined) dropped++;
      else spans.push(span);
    }
  }
  return { spans, dropped };
}

/** Jaeger's name for a process that reported none. */
const NO_SERVICE_NAME = 'OTLPResourceNoServiceName';

function processesOf(processes: unknown, pool: Pool): Map<unknown, Resource> {
  const resources = new Map<unknown, Resource>();
  if (!isObject(processes)) return resources;
  for (const [id, process] of Object.entries(processes)) {
    resources.set(
      id,
      pool.resource(process, () => processResource(process)),
    );
  }
  return resources;
}

function processResource(process: unknown): Resource {
  if (!isObject(process)) return UNKNOWN_PROCESS;
  const service = text(process['serviceName']);
  const tags = plainTags(process['tags']);
  return resourceOf(service === '' || service === NO_SERVICE_NAME ? tags : { 'service.name': service, ...tags });
}

const UNKNOWN_PROCESS = resourceOf(NO_ATTRIBUTES);

function decodeSpan(raw: unknown, processes: ReadonlyMap<unknown, Resource>, pool: Pool): Span | undefined {
  if (!isObject(raw)) return undefined;
  const traceID = pool.traceID(text(raw['traceID']), parseTraceID);
  const spanID = parseSpanID(text(raw['spanID']));
  const start = nanosFromMicros(raw['startTime']);
  const end = start === undefined ? undefined : endFromMicros(start, raw['duration']);
  if (traceID === undefined || spanID === undefined || start === undefined || end === undefined) return undefined;
  const { kind, status, attributes, scopeName, scopeVersion } = spanTags(raw['tags']);
  const references = referencesOf(raw['references'], traceID, pool);
  const span: Mutable<Span> = {
    traceID,
    spanID,
    name: pool.name(text(raw['operationName'])),
    kind,
    start: epochNanos(start),
    end,
    status,
    attributes,
    events: eventsOf(raw['logs']),
    links: references.links,
    resource: processes.get(raw['processID']) ?? UNKNOWN_PROCESS,
  };
  if (references.parent !== undefined) span.parentSpanID = references.parent;
  const scope = pool.scope(scopeName, scopeVersion);
  if (scope !== undefined) span.scope = scope;
  return span;
}

interface References {
  readonly parent?: SpanID;
  readonly links: readonly SpanLink[];
}

const NO_REFERENCES: References = { links: NO_LINKS };

/**
 * The parent is the first CHILD_OF of the same trace. A link to the own parent turns that reference's type into
 * FOLLOWS_FROM (makeJaegerProtoReferences in pkg/translator/jaeger), so the first reference counts without a CHILD_OF.
 */
function referencesOf(references: unknown, traceID: TraceID, pool: Pool): References {
  const raw = list(references);
  if (raw.length === 0) return NO_REFERENCES;
  let parent: SpanID | undefined;
  let first: SpanLink | undefined;
  const links: SpanLink[] = [];
  for (let index = 0; index < raw.length; index++) {
    const one = raw[index];
    if (!isObject(one)) continue;
    const trace = pool.traceID(text(one['traceID']), parseTraceID);
    const span = parseSpanID(text(one['spanID']));
    if (trace === undefined || span === undefined) continue;
    if (parent === undefined && trace === traceID && one['refType'] === 'CHILD_OF') {
      parent = span;
      continue;
    }
    const link: SpanLink = { traceID: trace, spanID: span, attributes: NO_ATTRIBUTES };
    if (index === 0 && trace === traceID) first = link;
    links.push(link);
  }
  if (parent === undefined && first !== undefined) {
    parent = first.spanID;
    links.shift();
  }
  const rest = links.length === 0 ? NO_LINKS : links;
  return parent === undefined ? { links: rest } : { parent, links: rest };
}

function eventsOf(logs: unknown): readonly SpanEvent[] {
  const raw = list(logs);
  if (raw.length === 0) return NO_EVENTS;
  const events: SpanEvent[] = [];
  for (const log of raw) {
    if (!isObject(log)) continue;
    const time = nanosFromMicros(log['timestamp']);
    if (time !== undefined) events.push(eventOf(epochNanos(time), log['fields']));
  }
  return events;
}

/** The event's name is the field `event`; `message` in spans of OpenTracing's clients. */
function eventOf(time: EpochNanos, fields: unknown): SpanEvent {
  for (const key of ['event', 'message']) {
    for (const field of list(fields)) {
      if (!isObject(field) || field['key'] !== key || typeof field['value'] !== 'string') continue;
      return { time, name: field['value'], attributes: plainTags(fields, key) };
    }
  }
  return { time, name: '', attributes: plainTags(fields) };
}
