import { arrange, buildTrace, placeSpans } from '../../trace/build.ts';
import type { Span } from '../../trace/span.ts';
import type { Trace, TraceInput } from '../../trace/trace.ts';
import { withClocksCorrected } from './clock-offset.ts';
import { childrenAmong, spansBelow } from '../completeness/server-spans.ts';

import { normalise, type Placement } from '../kubernetes/normalise.ts';
import { unreportedWork } from '../kubernetes/unreported-work.ts';

/**
 * One tree of spans without the command or its requests. API servers of every version get one shape, and a server that
 * started its own trace is grafted below the client that it names. Undefined without spans.
 */
export function assembleSpans(spans: readonly Span[]): Trace | undefined {
  // Computed once: no other trace is searched for spans of Kubernetes.
  const isKubernetes = spans.some(({ resource }) => resource.service === 'apiserver');
  const placements = isKubernetes ? kubernetesPlacements(spans) : new Map<Span, Placement>();
  const reported = spans.map((span): TraceInput => {
    const placement = placements.get(span);
    return placement === undefined
      ? { span, source: 'span', inferred: false }
      : { span, source: 'span', inferred: false, ...placement };
  });
  if (reported.length === 0) return undefined;
  const arrangement = arrange(reported);
  const asReported = placeSpans(arrangement);
  const inputs = withClocksCorrected(arrangement.inputs, asReported);
  const trace = inputs === arrangement.inputs ? asReported : placeSpans({ ...arrangement, inputs });
  const more = isKubernetes ? unreportedWork(trace) : [];
  return more.length === 0 ? trace : buildTrace([...withClocksCorrected(reported, asReported), ...more]);
}

function kubernetesPlacements(spans: readonly Span[]): ReadonlyMap<Span, Placement> {
  const placements = new Map<Span, Placement>();
  const roots = spans.filter(isAPIServerRequest);
  if (roots.length === 0) return placements;
  const childrenOf = childrenAmong(spans);
  const clients = clientsOf(spans);
  const done = new Set<Span>();
  for (const root of roots) {
    if (done.has(root)) continue;
    const below = spansBelow(root, childrenOf);
    for (const span of below) done.add(span);
    for (const [span, placement] of normalise({ root, contextKept: true, spans: below, childrenOf })) {
      placements.set(span, placement);
    }
    const client = root.parentSpanID === undefined ? linkedClient(root, clients) : undefined;
    if (client !== undefined) placements.set(root, { ...placements.get(root), parent: client });
  }
  return placements;
}

export const isAPIServerRequest = ({ kind, resource }: Span): boolean =>
  kind === 'server' && resource.service === 'apiserver';

/** Client spans by trace and ID, as links name them. */
export const clientsOf = (spans: readonly Span[]): ReadonlyMap<string, Span> =>
  new Map(spans.filter(({ kind }) => kind === 'client').map((span) => [span.traceID + span.spanID, span]));

/** An API server that does not keep a client's trace names it by a link (otelhttp's public endpoint). */
export function linkedClient({ links }: Span, clients: ReadonlyMap<string, Span>): Span | undefined {
  return links.map(({ traceID, spanID }) => clients.get(traceID + spanID)).find((client) => client !== undefined);
}
