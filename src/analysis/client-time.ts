import { deriveSpanID } from '../trace/ids.ts';
import type { Attributes, Span } from '../trace/span.ts';
import { after, between, nanos, type EpochNanos, type Nanos } from '../trace/time.ts';
import type { PlacedSpan, SpanSource, Trace, TraceInput } from '../trace/trace.ts';
import { formatParts } from './client-label.ts';
import { COMPONENT_ATTRIBUTE, type Component } from './component.ts';
import { SHORT_LABEL_ATTRIBUTE } from './kubernetes/label.ts';

/** What the client measured of one request. Phases that did not happen are null; times in nanoseconds. */
export interface ClientTiming {
  /** The request's client span. */
  readonly span: Span;
  readonly dns: Nanos | null;
  readonly connect: Nanos | null;
  readonly tls: Nanos | null;
  readonly receive: Nanos | null;
  /** Body bytes of the answer, as received. */
  readonly responseBytes: number;
  /** False when no HTTP answer came. */
  readonly answered: boolean;
}

/**
 * The rows that explain a client span: what the client measured itself, and, marked inferred, the time on either side of
 * the server's span, which nobody measures (the network, and since Kubernetes 1.33 the authentication: the server's
 * span starts after it).
 *
 *     client span  |----------------------------------------------------|
 *     connect      |======|
 *     network, authentication |.......|
 *     server span                     |------------------|
 *     response                                           |..............|
 *
 * Without a server span all between connecting and the first byte of the answer is one inferred row.
 */
export function clientTime(trace: Trace, timings: readonly ClientTiming[]): TraceInput[] {
  const places = new Map(trace.spans.map((placed) => [placed.span, placed]));
  return timings.flatMap((timing) => {
    const place = places.get(timing.span);
    return place === undefined ? [] : rowsOf(timing, place);
  });
}

function rowsOf(timing: ClientTiming, place: PlacedSpan): TraceInput[] {
  const { span } = timing;
  const inputs: TraceInput[] = [];
  const add = (row: Omit<ClientRow, 'parent'>): void => {
    if (between(row.start, row.end) > 0) inputs.push(clientRow({ parent: span, ...row }));
  };
  const connecting = nanos((timing.dns ?? 0) + (timing.connect ?? 0) + (timing.tls ?? 0));
  const connected = after(span.start, connecting);
  add({
    ...formatParts(timing),
    key: 'connect',
    start: span.start,
    end: connected,
    component: 'network',
    source: 'client',
  });

  const server = place.children.find((child) => child.span.kind === 'server' && child.source === 'span');
  if (server !== undefined) {
    const end = after(server.span.start, server.duration);
    add({
      name: 'network, authentication (inferred)',
      short: 'network, authn (inferred)',
      key: 'network',
      start: connected,
      end: server.span.start,
      component: 'network',
      source: 'gap',
    });
    add({
      name: 'response on its way (inferred), read',
      short: 'response on its way',
      key: 'response',
      start: end > connected ? end : connected,
      end: span.end,
      component: 'network',
      source: 'gap',
    });
  } else {
    const read = timing.answered ? nanos(timing.receive ?? 0) : nanos(0);
    const firstByte = after(span.end, nanos(-read));
    add({
      name: timing.answered ? 'network, apiserver, etcd (no spans)' : 'no answer',
      short: 'network, apiserver, etcd',
      key: 'unknown',
      start: connected,
      end: firstByte,
      component: 'other',
      source: 'gap',
    });
    add({
      name: 'read the response',
      short: 'read the response',
      key: 'read',
      start: firstByte,
      end: span.end,
      component: 'network',
      source: 'client',
    });
  }
  return inputs;
}

interface ClientRow {
  readonly parent: Span;
  readonly name: string;
  readonly short: string;
  /** Tells the rows of one span apart. */
  readonly key: string;
  readonly start: EpochNanos;
  readonly end: EpochNanos;
  readonly component: Component;
  readonly source: SpanSource;
}

function clientRow(row: ClientRow): TraceInput {
  const attributes: Attributes = { [COMPONENT_ATTRIBUTE]: row.component, [SHORT_LABEL_ATTRIBUTE]: row.short };
  const span: Span = {
    traceID: row.parent.traceID,
    spanID: deriveSpanID(row.parent.spanID, row.key),
    parentSpanID: row.parent.spanID,
    name: row.name,
    kind: 'internal',
    start: row.start,
    end: row.end,
    status: { code: 'unset' },
    attributes,
    events: [],
    links: [],
    resource: row.parent.resource,
  };
  return { span, source: row.source, inferred: row.source === 'gap' };
}
