import type { SpanID, TraceID } from '../../trace/ids.ts';
import { buildTrace } from '../../trace/build.ts';
import type { Span } from '../../trace/span.ts';
import type { Trace, TraceInput } from '../../trace/trace.ts';
import { textAttribute } from '../attributes.ts';
import { rowAround } from './below-measured.ts';
import { clientTime, connectedEarliest } from './client-time.ts';
import type { ClientTiming } from './client-timing.ts';
import { withClocksCorrected } from './clock-offset.ts';
import { cutSpans } from './cut-spans.ts';
import { identity, type FoundRequest } from './found-request.ts';
import { pluginRows } from './plugin-rows.ts';
import { normalise, type Placement } from '../kubernetes/normalise.ts';
import { unreportedWork } from '../kubernetes/unreported-work.ts';

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
  const connected = timings.map(
    (timing) => [timing.span, timing.hasResponse ? connectedEarliest(timing) : null] as const,
  );
  const inputs = withClocksCorrected(reported, asReported, new Map(connected));
  const cut = cutSpans(inputs, timings, requests);
  const trace = (cut === reported ? asReported : buildTrace(cut)) as Trace;
  const more = [...clientTime(trace, timings), ...unreportedWork(trace, cut === inputs)];
  const plugins = requests.flatMap((request) => pluginRows(request, trace, more));
  return more.length + plugins.length === 0 ? trace : buildTrace([...cut, ...more, ...plugins]);
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
