import { durationOf, type Exemplar } from '../../../codec/metrics/exemplars.ts';
import type { RequestReport } from '../../../report/report.ts';
import { after, nanos } from '../../../trace/time.ts';
import { REQUEST_DURATION } from './stages.ts';

/** The last exemplars of a request are observed this long after its own. */
const AFTER_END = nanos(1_000_000);

/**
 * Exemplars with span IDs that are not the client's, by request: those of a server that traces, or of a proxy between. With
 * one request they are its. Of several, a request has those within the time that the server counts for it, if it is the
 * only one about its resource, and no other was under way. Others are left out: two requests are never mixed.
 *
 *     client      |-- GET /api --|   |-- GET nodes --|
 *     exemplars       x  x  x           x xx  x |        the time of the request: [x xx  x |]
 */
export function byTime(
  exemplars: readonly Exemplar[],
  requests: readonly RequestReport[],
): ReadonlyMap<RequestReport, readonly Exemplar[]> {
  const found = new Map<RequestReport, readonly Exemplar[]>();
  const roots = exemplars.filter(({ metric }) => metric === REQUEST_DURATION);
  const [only, ...others] = requests;
  if (only !== undefined && others.length === 0) {
    if (exemplars.length > 0 && roots.length <= 1) found.set(only, exemplars);
    return found;
  }
  for (const root of roots) {
    const candidates = requests.filter(({ resource }) => resource !== null && resource === root.labels['resource']);
    const [request] = candidates;
    const rivals = roots.filter(({ labels }) => labels['resource'] === root.labels['resource']);
    if (request === undefined || candidates.length > 1 || rivals.length > 1) continue;
    if (requests.some((other) => other !== request && overlaps(other, request))) continue;
    const start = after(root.time, nanos(-durationOf(root)));
    const end = after(root.time, AFTER_END);
    found.set(
      request,
      exemplars.filter(({ time }) => time >= start && time <= end),
    );
  }
  return found;
}

/** By the client's clock. */
const overlaps = (one: RequestReport, other: RequestReport): boolean =>
  one.startOffsetNanos < other.startOffsetNanos + other.durationNanos &&
  other.startOffsetNanos < one.startOffsetNanos + one.durationNanos;
