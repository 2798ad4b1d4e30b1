import type { Attributes, Span, SpanEvent, SpanLink } from '../trace/span.ts';

/** The spans of a response. A malformed span is left out and counted; the others remain. */
export interface Decoded {
  readonly spans: Span[];
  /** How many spans had no valid ID or no valid time. */
  readonly dropped: number;
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

// Most spans have no events or no links: they share one empty list.
export const NO_ATTRIBUTES: Attributes = Object.freeze({});
export const NO_EVENTS: readonly SpanEvent[] = Object.freeze([]);
export const NO_LINKS: readonly SpanLink[] = Object.freeze([]);

/**
 * Jaeger notes here in which format a span came in (storage of v1, both APIs); it says nothing about the span
 * (opentelemetry-collector-contrib pkg/translator/jaeger).
 */
export const JAEGER_FORMAT_NOISE = 'internal.span.format';

/** Sets an attribute under any name, `__proto__` too. */
export function setAttribute<T>(attributes: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__') {
    Object.defineProperty(attributes, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    attributes[key] = value;
  }
}
