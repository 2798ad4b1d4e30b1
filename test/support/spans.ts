import { parseSpanID, parseTraceID, type SpanID, type TraceID } from '../../src/trace/ids.ts';
import type { Resource, Span } from '../../src/trace/span.ts';
import { epochNanos } from '../../src/trace/time.ts';

/** Short names in a test, valid IDs in a span: `traceID('a1')`. */
export const traceID = (hex: string): TraceID => parseTraceID(hex)!;
export const spanID = (hex: string): SpanID => parseSpanID(hex)!;

const resources = new Map<string, Resource>();

export function resource(service: string): Resource {
  let known = resources.get(service);
  if (known === undefined) resources.set(service, (known = { service, attributes: { 'service.name': service } }));
  return known;
}

export interface SpanParts extends Partial<Omit<Span, 'traceID' | 'spanID' | 'parentSpanID' | 'resource'>> {
  readonly trace?: string;
  readonly id?: string;
  readonly parent?: string;
  readonly service?: string;
}

/** A span of the API server with the parts that a test is about. */
export function span({ trace = 'a1', id = '1', parent, service = 'apiserver', ...parts }: SpanParts): Span {
  return {
    traceID: traceID(trace),
    spanID: spanID(id),
    ...(parent === undefined ? {} : { parentSpanID: spanID(parent) }),
    name: 'GET /api/v1/nodes',
    kind: 'internal',
    start: epochNanos(1_795_478_400_000_000_001n),
    end: epochNanos(1_795_478_400_010_000_001n),
    status: { code: 'unset' },
    attributes: {},
    events: [],
    links: [],
    resource: resource(service),
    ...parts,
  };
}
