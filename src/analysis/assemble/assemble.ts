import type { SpanID, TraceID } from '../../trace/ids.ts';
import { buildTrace } from '../../trace/build.ts';
import type { Span } from '../../trace/span.ts';
import { after, epochNanos, nanos, type EpochNanos } from '../../trace/time.ts';
import type { Trace, TraceInput } from '../../trace/trace.ts';
import { textAttribute } from '../attributes.ts';
import { rowAround } from './below-measured.ts';
import { clientTime, connecting, openedAt } from './client-time.ts';
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
  /** Rows from the API server's metrics, the request's own first; where it reported no spans. */
  readonly measured?: readonly TraceInput[] | undefined;
}

/**
 * One tree of a command: its own spans, and below each request's client span those that the server reported. A server
 * that started its own trace is grafted there. A span whose parent has not arrived (yet) hangs below the client span
 * too, so that a partial trace is still one tree; both are marked as moved. `others` are rows of the client. Undefined without client spans.
 */
export function assemble(
  clientSpans: readonly Span[],
  timings: readonly ClientTiming[],
  requests: readonly FoundRequest[],
  others: readonly TraceInput[] = [],
): Trace | undefined {
  const own: TraceInput[] = clientSpans.map((span) => ({ span, source: 'client', inferred: false }));
  const reported = [
    ...own,
    ...others,
    ...requests.flatMap(({ measured = [] }) => measured),
    ...grafted(clientSpans, requests),
  ];
  const asReported = buildTrace(reported);
  if (asReported === undefined) return undefined;
  const connected = timings.map((timing) => [timing.span, timing.hasResponse ? connecting(timing) : null] as const);
  const inputs = withClocksCorrected(reported, asReported, new Map(connected));
  const cut = withoutOpenTime(inputs, timings, requests);
  const trace = (cut === reported ? asReported : buildTrace(cut)) as Trace;
  const more = [...clientTime(trace, timings), ...unreportedWork(trace, cut === inputs)];
  return more.length === 0 ? trace : buildTrace([...cut, ...more]);
}

/**
 * A server's spans of a stream last until its client ends it. They are cut where the stream is only open: what remains is
 * what the server did until then. The same inputs where no request is a stream.
 *
 *     client span     |-----------------------------------|
 *     server span       |------|.........................|        cut
 *     open                      |-------------------------|
 */
function withoutOpenTime(
  inputs: readonly TraceInput[],
  timings: readonly ClientTiming[],
  requests: readonly FoundRequest[],
): readonly TraceInput[] {
  const streams = new Map<Span, EpochNanos>();
  for (const timing of timings) if ((timing.open ?? 0) > 0) streams.set(timing.span, openedAt(timing));
  if (streams.size === 0) return inputs;
  const limits = new Map<string, { readonly opened: EpochNanos; readonly begun: EpochNanos }>();
  for (const { client, server, measured: [root, ...stages] = [] } of requests) {
    const limit = streams.get(client);
    if (limit !== undefined && root !== undefined)
      limits.set(identity(root.span), { opened: limit, begun: lastEnd(stages) });
    if (limit === undefined || server === undefined) continue;
    // The client notices later that a watch has begun than the server has done its part.
    const isSetUp = ({ name }: Span): boolean => name === 'WatchList' || name === 'cacher.Watch';
    const begun = lastEnd(server.spans.filter(isSetUp).map((span) => ({ span })));
    for (const span of server.spans) limits.set(identity(span), { opened: limit, begun });
  }
  return inputs.map((input): TraceInput => {
    const isServers = input.source === 'span' || input.source === 'metric';
    const limit = isServers ? limits.get(identity(input.span)) : undefined;
    if (limit === undefined) return input;
    const end = input.end ?? input.span.end;
    const opened = after(limit.opened, nanos(-(input.clock?.nanos ?? 0)));
    if (input.span.start >= opened || end <= opened) return input;
    return { ...input, end: limit.begun > input.span.start && limit.begun < opened ? limit.begun : opened };
  });
}

const lastEnd = (inputs: readonly Pick<TraceInput, 'span'>[]): EpochNanos =>
  inputs.reduce((end, { span }) => (span.end > end ? span.end : end), epochNanos(0n));

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
  const clients = new Map(clientSpans.map((span) => [textAttribute(span.attributes, 'audit-id'), span]));
  const inputs: TraceInput[] = [];
  const taken = new Set<string>();
  for (const { client, server, authentication, found, measured = [] } of requests) {
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
      const around = rowAround(span, client, measured);
      const unmoved = attached ? {} : { parent: causeOf(span) ?? client };
      const placement = placements.get(identity(span)) ?? (around === undefined ? unmoved : { parent: around });
      inputs.push({ span, source: 'span', inferred: false, ...placement });
    }
  }
  return inputs;

  /** The request that caused a span whose parent is not in: requests of a command may share a trace. */
  function causeOf({ attributes }: Span): Span | undefined {
    const auditID = textAttribute(attributes, 'audit-id');
    return auditID === undefined ? undefined : clients.get(auditID);
  }
}

const identity = ({ traceID, spanID, kind }: Span): string => `${traceID}${spanID}${kind}`;
