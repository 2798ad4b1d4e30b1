import type { TraceID } from '../trace/ids.ts';
import type { AttributeValue, Attributes, Span } from '../trace/span.ts';

/** The spans of one trace by what makes a span one: its ID, and its kind where a client shares the ID with its server. */
export type SpansByKey = Map<string, Span>;

/** Merges `spans` into `traces`. Returns the traces that gained a span, or a fuller version of one. */
export function mergeInto(traces: Map<TraceID, SpansByKey>, spans: readonly Span[]): Set<TraceID> {
  const changed = new Set<TraceID>();
  for (const span of spans) {
    let known = traces.get(span.traceID);
    if (known === undefined) traces.set(span.traceID, (known = new Map()));
    const key = span.spanID + span.kind;
    const before = known.get(key);
    const after = before === undefined ? span : fuller(before, span);
    if (after === before) continue;
    known.set(key, after);
    changed.add(span.traceID);
  }
  return changed;
}

/** The spans of both, each once. The same whichever comes first, and however often something is merged again. */
export function mergeSpans(some: readonly Span[], others: readonly Span[]): Span[] {
  const traces = new Map<TraceID, SpansByKey>();
  mergeInto(traces, some);
  mergeInto(traces, others);
  return [...traces.values()].flatMap((spans) => Array.from(spans.values()));
}

/**
 * Of two versions of a span the one that says more: backends answer with parts of a span that is still being written,
 * and in microseconds where another API of theirs has nanoseconds. Where neither says more, an arbitrary but fixed order
 * decides, so that the result does not depend on which came first.
 */
function fuller(one: Span, other: Span): Span {
  if (one === other || sameSpan(one, other)) return one;
  const order = compareFullness(one, other) || compareText(canonical(one), canonical(other));
  return order >= 0 ? one : other;
}

function compareFullness(one: Span, other: Span): number {
  return (
    Object.keys(one.attributes).length - Object.keys(other.attributes).length ||
    one.events.length - other.events.length ||
    one.links.length - other.links.length ||
    Number(one.parentSpanID !== undefined) - Number(other.parentSpanID !== undefined) ||
    Number(one.status.code !== 'unset') - Number(other.status.code !== 'unset')
  );
}

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Every poll brings every span again, so that this has to be quick. */
function sameSpan(one: Span, other: Span): boolean {
  return (
    one.start === other.start &&
    one.end === other.end &&
    one.name === other.name &&
    one.parentSpanID === other.parentSpanID &&
    one.status.code === other.status.code &&
    one.status.message === other.status.message &&
    one.scope?.name === other.scope?.name &&
    one.scope?.version === other.scope?.version &&
    (one.resource === other.resource || sameAttributes(one.resource.attributes, other.resource.attributes)) &&
    sameAttributes(one.attributes, other.attributes) &&
    one.events.length === other.events.length &&
    one.events.every((event, index) => {
      const twin = other.events[index];
      return event.time === twin?.time && event.name === twin.name && sameAttributes(event.attributes, twin.attributes);
    }) &&
    one.links.length === other.links.length &&
    one.links.every((link, index) => {
      const twin = other.links[index];
      return (
        link.traceID === twin?.traceID &&
        link.spanID === twin.spanID &&
        sameAttributes(link.attributes, twin.attributes)
      );
    })
  );
}

function sameAttributes(one: Attributes, other: Attributes): boolean {
  if (one === other) return true;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every(
      (key) => Object.hasOwn(other, key) && sameValue(one[key] as AttributeValue, other[key] as AttributeValue),
    )
  );
}

function sameValue(one: AttributeValue, other: AttributeValue): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  return valueText(one) === valueText(other);
}

/**
 * One text for one content, whatever the order of keys. Times come first: microseconds are cut off downwards, so that of
 * two spans that differ in nothing else the one with nanoseconds is the greater.
 */
function canonical(span: Span): string {
  const { start, end, name, parentSpanID, status, scope, resource, attributes, events, links } = span;
  return valueText([
    start,
    end,
    name,
    parentSpanID ?? null,
    status.code,
    status.message ?? null,
    scope?.name ?? null,
    scope?.version ?? null,
    resource.attributes,
    attributes,
    events.map((event) => [event.time, event.name, event.attributes]),
    links.map((link) => [link.traceID, link.spanID, link.attributes]),
  ]);
}

function valueText(value: AttributeValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `[${value.map((one: AttributeValue) => valueText(one)).join()}]`;
  const entries = Object.entries(value as Attributes).map(([key, one]) => `${JSON.stringify(key)}:${valueText(one)}`);
  return `{${entries.sort().join()}}`;
}
