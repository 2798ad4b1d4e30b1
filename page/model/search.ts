import { labelOf } from '../../src/analysis/kubernetes/label.ts';
import type { AttributeValue, Attributes } from '../../src/trace/span.ts';
import type { PlacedSpan } from '../../src/trace/trace.ts';

/** Whether a span is meant. */
type Test = (placed: PlacedSpan, label: string) => boolean;

/**
 * Spans that meet every word of a query: a word that is part of the row's label, of the span's name, ID, service or status, or
 * of an attribute or event; or `name=value` for an attribute. Upper and lower case are the same. Undefined: nothing is
 * searched for.
 */
export function searchOf(query: string): Test | undefined {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const tests = words.map(testOf);
  return (placed, label) => tests.every((test) => test(placed, label));
}

function testOf(word: string): Test {
  const has = (text: string | undefined): boolean => text !== undefined && text.toLowerCase().includes(word);
  const [, name, value] = /^([^=]+)=(.*)$/.exec(word) ?? [];
  const pair: Test = ({ span }) =>
    name !== undefined &&
    Object.entries(span.attributes).some(
      ([key, found]) =>
        key.toLowerCase() === name &&
        textOf(found)
          .toLowerCase()
          .includes(value ?? ''),
    );
  return (placed, label) => {
    const { span, spanID } = placed;
    return (
      has(label) ||
      has(span.name) ||
      spanID === word ||
      has(span.resource.service) ||
      (span.status.code !== 'unset' && (span.status.code === word || has(span.status.message))) ||
      inAttributes(span.attributes, has) ||
      span.events.some((event) => has(event.name) || inAttributes(event.attributes, has)) ||
      pair(placed, label)
    );
  };
}

const inAttributes = (attributes: Attributes, has: (text: string) => boolean): boolean => {
  for (const key in attributes) if (has(key) || has(textOf(attributes[key] ?? null))) return true;
  return false;
};

/** An attribute's value as text. */
export function textOf(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object') return String(value);
  return JSON.stringify(value);
}

/** Searches a trace. The labels of all spans are made once. */
export class Search {
  readonly #spans: readonly PlacedSpan[];
  #labels: readonly string[] | undefined;

  constructor(spans: readonly PlacedSpan[]) {
    this.#spans = spans;
  }

  /** The indices of what is found, in the trace's order; undefined for an empty query. */
  find(query: string): readonly number[] | undefined {
    const test = searchOf(query);
    if (test === undefined) return undefined;
    const labels = (this.#labels ??= this.#spans.map((placed) => labelOf(placed)[0]));
    return this.#spans.flatMap((placed, index) => (test(placed, labels[index] ?? '') ? [index] : []));
  }
}
