import type { SpanID, TraceID } from '../../trace/ids.ts';
import { buildTrace } from '../../trace/build.ts';
import type { Span } from '../../trace/span.ts';
import type { Trace, TraceInput } from '../../trace/trace.ts';
import { clientTime, connecting } from './client-time.ts';
import type { ClientTiming } from './client-timing.ts';
import { withClocksCorrected } from './clock-offset.ts';
import type { ServerSpans } from '../completeness/server-spans.ts';

import { normalise, type Placement } from '../kubernetes/normalise.ts';
import { unreportedWork } from '../kubernetes/unreported-work.ts';

/** Spans found for one request. */
export interface FoundRequest {
  /** The request's client span. */
  readonly client: Span;
  /** The server's spans of this request, where its root was found. */
  readonly server: ServerSpans | undefined;
  /** The server's `authentication` span, from its own trace, joined because no other fits in time. */
  readonly authentication?: Span | undefined;
  /** Everything that its look-up found, other requests' spans of the same trace included. */
  readonly found: readonly Span[];
}

/**
 * One tree of a command: its own spans, and below each request's client span those that the server reported. A server
 * that started its own trace is grafted there. A span whose parent has not arrived (yet) hangs below the client span
 * too, so that a partial trace is still one tree; both are marked as moved. Undefined without client spans.
 */
export function assemble(
  clientSpans: readonly Span[],
  timings: readonly ClientTiming[],
  requests: readonly FoundRequest[],
): Trace | undefined {
  const own: TraceInput[] = clientSpans.map((span) => ({ span, source: 'client', inferred: false }));
  const reported = [...own, ...grafted(clientSpans, requests)];
  const asReported = buildTrace(reported);
  if (asReported === undefined) return undefined;
  const connected = timings.map((timing) => [timing.span, timing.hasResponse ? connecting(timing) : null] as const);
  const inputs = withClocksCorrected(reported, asReported, new Map(connected));
  const trace = (inputs === reported ? asReported : buildTrace(inputs)) as Trace;
  const more = [...clientTime(trace, timings), ...unreportedWork(trace)];
  return more.length === 0 ? trace : buildTrace([...inputs, ...more]);
}

function grafted(clientSpans: readonly Span[], requests: readonly FoundRequest[]): TraceInput[] {
  const known = new Map<TraceID, Set<SpanID>>();
  const add = (span: Span): void => {
    const ids = known.get(span.traceID);
    if (ids === undefined) known.set(span.traceID, new Set([span.spanID]));
    else ids.add(span.spanID);
  };
  for (const span of clientSpans) add(span);
  for (const { found } of requests) for (const span of found) add(span);

  // Requests of a command share a trace, and its spans come with each of them: placements are known before any is taken.
  const placements = new Map<string, Placement>();
  for (const { client, server } of requests) {
    if (server === undefined) continue;
    for (const [span, placement] of normalise(server)) placements.set(identity(span), placement);
    const { root } = server;
    if (root.traceID === client.traceID && root.parentSpanID === client.spanID) continue;
    placements.set(identity(root), { ...placements.get(identity(root)), parent: client });
  }
  const inputs: TraceInput[] = [];
  const taken = new Set<string>();
  for (const { client, server, authentication, found } of requests) {
    if (authentication !== undefined && server !== undefined && !taken.has(identity(authentication))) {
      taken.add(identity(authentication));
      // Since 1.34 its span lasts as long as the request; what it took is over when the request's own root starts.
      const end = authentication.end > server.root.start ? server.root.start : authentication.end;
      inputs.push({ span: authentication, source: 'span', inferred: true, parent: client, end });
    }
    for (const span of found) {
      if (taken.has(identity(span))) continue;
      taken.add(identity(span));
      const { parentSpanID } = span;
      const attached = parentSpanID !== undefined && (known.get(span.traceID)?.has(parentSpanID) ?? false);
      const placement = placements.get(identity(span)) ?? (attached ? {} : { parent: client });
      inputs.push({ span, source: 'span', inferred: false, ...placement });
    }
  }
  return inputs;
}

const identity = ({ traceID, spanID, kind }: Span): string => `${traceID}${spanID}${kind}`;
