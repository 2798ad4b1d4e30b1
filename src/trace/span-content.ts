import { hexOf } from '../format/base64.ts';
import type { AttributeValue, Attributes, Span } from './span.ts';

/*
 * When two versions of a span have the same content, and in which order contents are.
 */

export const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Every poll brings every span again, so that this has to be quick. */
export function sameSpan(one: Span, other: Span): boolean {
  return (
    one.kind === other.kind &&
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

/** The attributes of both; where both have one under a name, the one that is later in order. */
export function joinAttributes(one: Attributes, other: Attributes): Attributes {
  if (sameAttributes(one, other)) return one;
  const joined = new Map(Object.entries(one));
  for (const [name, value] of Object.entries(other)) {
    const mine = joined.get(name);
    if (mine === undefined || compareText(valueText(mine), valueText(value)) < 0) joined.set(name, value);
  }
  return Object.fromEntries(joined);
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

/** One text for one content, whatever the order of keys. */
export function valueText(value: AttributeValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Uint8Array) return `bytes ${hexOf(value)}`;
  if (Array.isArray(value)) return `[${value.map((item: AttributeValue) => valueText(item)).join()}]`;
  const entries = Object.entries(value as Attributes).map(
    ([key, member]) => `${JSON.stringify(key)}:${valueText(member)}`,
  );
  return `{${entries.sort().join()}}`;
}
