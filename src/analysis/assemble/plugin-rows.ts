import type { Span } from '../../trace/span.ts';
import { after, nanos, type EpochNanos } from '../../trace/time.ts';
import type { ClockCorrection, PlacedSpan, Trace, TraceInput } from '../../trace/trace.ts';
import type { ServerSpans } from '../completeness/server-spans.ts';

/** A request whose spans were found. */
interface WithPlugins {
  readonly server: ServerSpans | undefined;
  readonly plugins?: readonly TraceInput[] | undefined;
}

interface Place {
  readonly span: Span;
  readonly start: EpochNanos;
  readonly end: EpochNanos;
}

/**
 * Rows of admission plug-ins, which have no spans, in the spans of the API server. Both are of one process, so that the
 * times decide. `more` are the rows between its spans. A plug-in that has spans itself calls webhooks, whose spans say
 * more:
 *
 *     Create                 |--------------------------------|
 *     built-in admission      |......|              |......|      inferred
 *     Call mutating webhook           |------------|
 *     plug-ins                 |-||-|                |-||-|
 *     MutatingAdmissionWebhook       |--------------|             left out
 */
export function pluginRows(
  { server, plugins = [] }: WithPlugins,
  trace: Trace,
  more: readonly TraceInput[],
): TraceInput[] {
  const root = server && trace.spans.find(({ span }) => span === server.root);
  if (root === undefined || plugins.length === 0) return [];
  const spans = ownSpans(root);
  const known = new Set(spans.map(({ span }) => span));
  const own = spans.map((placed): Place => placeOf(placed, trace));
  const between = more.filter(({ parent, span }) => known.has(parent as Span) && isUnnamed(span));
  const places = [...own, ...between.map(({ span }): Place => ({ span, start: span.start, end: span.end }))];
  const taken = new Set<string>();
  return plugins.flatMap(({ span, precision, source, inferred }): TraceInput[] => {
    const [start, end] = [corrected(span.start, root.clock), corrected(span.end, root.clock)];
    if (own.some((place) => start <= place.start && place.end <= end)) return [];
    const isBelow = span.parentSpanID !== undefined && taken.has(span.parentSpanID);
    const parent = isBelow ? undefined : innermost(places, (start + end) / 2n);
    if (!isBelow && parent === undefined) return [];
    taken.add(span.spanID);
    const clock = root.clock && { clock: root.clock };
    const row = { ...span, resource: root.span.resource };
    return [{ span: row, source, inferred, precision, ...clock, ...(parent && { parent: parent.span }) }];
  });
}

/** The root and what the same process reported below it. */
function ownSpans(root: PlacedSpan): readonly PlacedSpan[] {
  const found: PlacedSpan[] = [];
  const stack = [root];
  for (let placed = stack.pop(); placed !== undefined; placed = stack.pop()) {
    if (placed.source !== 'span' || placed.span.resource.service !== root.span.resource.service) continue;
    found.push(placed);
    for (const child of placed.children) stack.push(child);
  }
  return found;
}

/** Work that is named after what lies beside it. */
const isUnnamed = ({ name }: Span): boolean => name.endsWith('(inferred)');

function innermost(places: readonly Place[], time: bigint): Place | undefined {
  const around = places.filter(({ start, end }) => start <= time && time <= end);
  return around.toSorted((one, other) => (one.end - one.start < other.end - other.start ? -1 : 1))[0];
}

const corrected = (time: EpochNanos, clock: ClockCorrection | undefined): EpochNanos =>
  after(time, nanos(clock?.nanos ?? 0));

function placeOf({ span, offset, duration }: PlacedSpan, { startedAt }: Trace): Place {
  return { span, start: after(startedAt, offset), end: after(startedAt, nanos(offset + duration)) };
}
