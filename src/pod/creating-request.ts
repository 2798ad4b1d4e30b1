import { after, between, nanos, type EpochNanos, type Nanos } from '../trace/time.ts';
import type { Span } from '../trace/span.ts';
import type { TraceInput } from '../trace/trace.ts';
import type { PodObject } from './objects.ts';

/** Spans of the request that made a pod, or what makes it. */
export interface CreatingRequest {
  readonly inputs: readonly TraceInput[];
  readonly root: Span;
  /** The cluster's time minus that of its spans' clock. */
  readonly offset: Nanos;
  /** The true offset differs from it by this at most; undefined where no response has shown the cluster's time. */
  readonly uncertainty?: Nanos;
}

/** A creating request on the clock of the API server, before everything else in a pod's life. */
export interface PlacedRequest extends CreatingRequest {
  readonly start: EpochNanos;
  /** When the API server had answered: the answer is on its way to us for longer than to those who watch. */
  readonly end: EpochNanos;
}

const SECOND = 1_000_000_000n;
/** API servers of one cluster have clocks of their own, which NTP keeps together. */
const SLACK = 2n * SECOND;
/** Where the cluster's clock is not known: two machines' clocks are rarely further apart. */
const UNKNOWN_CLOCK = 300n * SECOND;

/**
 * A pod is created while its request is under way, or after it where a controller makes it. The spans are moved to the
 * cluster's clock, and from there by as little as makes them fit. Undefined for a pod that was there before, and for one
 * without an owner that came to be after the request: another request has made that.
 */
export function placeRequest(
  request: CreatingRequest | undefined,
  { createdAt, owners }: Pick<PodObject, 'createdAt' | 'owners'>,
): PlacedRequest | undefined {
  if (request === undefined) return undefined;
  const { root, inputs, offset } = request;
  const begin = after(root.start, offset);
  const end = after(root.end, offset);
  const server = inputs.find(({ span, source }) => source === 'span' && span.kind === 'server')?.span;
  const answered = server !== undefined && server.end > root.start && server.end < root.end ? server.end : root.end;
  const lastBegin = createdAt.at + BigInt(createdAt.uncertainty);
  const apart = request.uncertainty === undefined ? UNKNOWN_CLOCK : BigInt(request.uncertainty) + SLACK;
  // An object that was there before is older by more than clocks are apart.
  if (begin > lastBegin + apart) return undefined;
  const earliestEnd = owners.length === 0 ? createdAt.at : undefined;
  if (request.uncertainty !== undefined && earliestEnd !== undefined && earliestEnd > end + apart) return undefined;
  let shift: number = offset;
  if (begin > lastBegin) shift += between(begin, lastBegin as EpochNanos);
  else if (earliestEnd !== undefined && end < earliestEnd) shift += between(end, earliestEnd);
  if (shift === 0) return { ...request, start: root.start, end: answered };
  const behind = nanos(-shift);
  const difference = { service: 'kubectl-trace', caller: 'the API server', lowest: behind, highest: behind };
  const clock = { nanos: nanos(shift), offset: difference };
  const moved = inputs.map((input) => ({ ...input, clock }));
  return { root, inputs: moved, offset, start: after(root.start, nanos(shift)), end: after(answered, nanos(shift)) };
}
