import { durationOf, type Exemplar } from '../../../codec/metrics/exemplars.ts';
import type { RequestReport } from '../../../report/report.ts';
import type { SpanID } from '../../../trace/ids.ts';
import { after, nanos } from '../../../trace/time.ts';
import { FILTER_DURATION, REQUEST_DURATION } from './stages.ts';

/** The last exemplars of a request are observed this long after its own. */
const AFTER_END = nanos(1_000_000);

type Attributed = ReadonlyMap<RequestReport, readonly Exemplar[]>;

/**
 * Exemplars with span IDs that are not the client's, by request: those of a server that traces, or of a proxy between. With
 * one request they are its. Of several, a request has those within the time that the server counts for it, if it is the
 * only one about its resource, and no other was under way. Others are left out: two requests are never mixed.
 *
 *     client      |-- GET /api --|   |-- GET nodes --|
 *     exemplars       x  x  x           x xx  x |        the time of the request: [x xx  x |]
 */
export function byTime(exemplars: readonly Exemplar[], requests: readonly RequestReport[]): Attributed {
  if (spansThatCameIn(exemplars).length > 0) return bySpan(exemplars, requests);
  const found = new Map<RequestReport, readonly Exemplar[]>();
  const roots = exemplars.filter(({ metric }) => metric === REQUEST_DURATION);
  const [only, ...others] = requests;
  if (only !== undefined && others.length === 0) {
    const [root, ...rivals] = roots;
    // Without a root of the same resource they may be those of a request that a webhook has sent in turn.
    const isOwn = root === undefined ? only.resource === null : root.labels['resource'] === only.resource;
    if (exemplars.length > 0 && rivals.length === 0 && isOwn) found.set(only, exemplars);
    return found;
  }
  for (const root of roots) {
    const request = matching(root, requests, roots);
    if (request === undefined || requests.some((other) => other !== request && overlaps(other, request))) continue;
    const start = after(root.time, nanos(-durationOf(root)));
    const end = after(root.time, AFTER_END);
    found.set(
      request,
      exemplars.filter(({ time }) => time >= start && time <= end),
    );
  }
  return found;
}

/**
 * A server that does not trace observes all of a request in the span that it came in. Our trace has several of these
 * where a webhook that was called sends requests to the API server in turn.
 */
function bySpan(exemplars: readonly Exemplar[], requests: readonly RequestReport[]): Attributed {
  const groups = [...Map.groupBy(exemplars, ({ spanID }) => spanID).values()];
  const [only, ...others] = requests;
  const [group, ...more] = groups;
  const roots = exemplars.filter(({ metric }) => metric === REQUEST_DURATION);
  // Such a request has no metric as a whole.
  if (only?.resource === null && others.length === 0 && more.length === 0 && roots.length === 0) {
    return new Map(group === undefined ? [] : [[only, group]]);
  }
  const entries = roots.flatMap((root): [RequestReport, readonly Exemplar[]][] => {
    const request = matching(root, requests, roots);
    const own = groups.find(([first]) => first?.spanID === root.spanID);
    return request === undefined || own === undefined ? [] : [[request, own]];
  });
  return new Map(entries);
}

/** Spans in which several filters were observed: a server that traces observes each filter in its own span. */
export function spansThatCameIn(exemplars: readonly Exemplar[]): readonly SpanID[] {
  const filters = exemplars.filter(({ metric }) => metric === FILTER_DURATION);
  const groups = Map.groupBy(filters, ({ spanID }) => spanID);
  return [...groups].filter(([, of]) => new Set(of.map(({ labels }) => labels['filter'])).size > 1).map(([id]) => id);
}

/** The only request about the resource of a root that is the only one about it. */
function matching(
  root: Exemplar,
  requests: readonly RequestReport[],
  roots: readonly Exemplar[],
): RequestReport | undefined {
  const wanted = root.labels['resource'];
  const candidates = requests.filter(({ resource }) => resource !== null && resource === wanted);
  const rivals = roots.filter(({ labels }) => labels['resource'] === wanted);
  return candidates.length === 1 && rivals.length === 1 ? candidates[0] : undefined;
}

/** By the client's clock. */
const overlaps = (one: RequestReport, other: RequestReport): boolean =>
  one.startOffsetNanos < other.startOffsetNanos + other.durationNanos &&
  other.startOffsetNanos < one.startOffsetNanos + one.durationNanos;
