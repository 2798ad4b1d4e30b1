import type { AttributeValue, Attributes, Resource, Scope, Span } from '../../trace/span.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import { jsonText } from '../../report/json-text.ts';
import type { JSONObject, JSONValue } from '../../report/json-value.ts';
import type { Report } from '../../report/report.ts';

/**
 * The spans as an OTLP ExportTraceServiceRequest in JSON, which every receiver takes
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding: hex IDs, 64-bit integers as text). Each as it was
 * reported, ours among them; what was inferred is not a span and left out.
 */
export const writeOTLP = ({ analysis }: Report): string => writeOTLPSpans(analysis?.trace.spans ?? []);

export function writeOTLPSpans(placed: readonly PlacedSpan[]): string {
  const spans = placed.filter(({ inferred }) => !inferred).map(({ span }) => span);
  const resourceSpans = [...groupBy(spans, ({ resource }) => resource)].map(([resource, own]) => ({
    resource: { attributes: attributesOf(resource) },
    scopeSpans: [...groupBy(own, ({ scope }) => scopeKey(scope))].map(([, inScope]) => ({
      scope: scopeJSON(inScope[0]?.scope),
      spans: inScope.map(spanJSON),
    })),
  }));
  return jsonText({ resourceSpans }, 2);
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** A process keeps its name where its backend reports the name separately from the attributes. */
function attributesOf({ service, attributes }: Resource): JSONValue {
  const named = 'service.name' in attributes || service === '' || service === 'unknown_service';
  return keyValues(named ? attributes : { 'service.name': service, ...attributes });
}

const scopeKey = (scope: Scope | undefined): string => (scope === undefined ? '' : `${scope.name}\0${scope.version}`);

const scopeJSON = (scope: Scope | undefined): JSONObject => (scope === undefined ? {} : { ...scope });

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_CODES = ['unset', 'ok', 'error'] as const;

function spanJSON(span: Span): JSONObject {
  const { code, message } = span.status;
  return {
    traceId: span.traceID,
    spanId: span.spanID,
    ...(span.parentSpanID !== undefined && { parentSpanId: span.parentSpanID }),
    name: span.name,
    kind: KINDS.indexOf(span.kind),
    startTimeUnixNano: String(span.start),
    endTimeUnixNano: String(span.end),
    attributes: keyValues(span.attributes),
    events: span.events.map(({ time, name, attributes }) => ({
      timeUnixNano: String(time),
      name,
      attributes: keyValues(attributes),
    })),
    links: span.links.map(({ traceID, spanID, attributes }) => ({
      traceId: traceID,
      spanId: spanID,
      attributes: keyValues(attributes),
    })),
    status: {
      ...(code !== 'unset' && { code: STATUS_CODES.indexOf(code) }),
      ...(message !== undefined && { message }),
    },
  };
}

const keyValues = (attributes: Attributes): JSONValue =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));

function anyValue(value: AttributeValue): JSONObject {
  if (value === null) return {};
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: String(value) };
  if (typeof value === 'number') return numberValue(value);
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item: AttributeValue) => anyValue(item)) } };
  return { kvlistValue: { values: keyValues(value as Attributes) } };
}

/** An integral number may have been either kind; as an integer it stays exact. proto3's JSON has words for the rest. */
function numberValue(value: number): JSONObject {
  if (Object.is(value, -0)) return { doubleValue: '-0' };
  if (Number.isSafeInteger(value)) return { intValue: String(value) };
  return { doubleValue: Number.isFinite(value) ? value : String(value) };
}
