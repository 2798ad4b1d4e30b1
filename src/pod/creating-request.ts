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

/** A creating request on the clock of the API server, before everything else in a pod's lifecycle. */
export interface PlacedRequest extends CreatingRequest {
  readonly start: EpochNanos;
  /** When the API server had sent its response. The response takes longer to reach this client than the watchers. */
  readonly end: EpochNanos;
}

const SECOND = 1_000_000_000n;
/** Each API server of a cluster has its own clock, synchronized with NTP. */
const SLACK = 2n * SECOND;
/** Tolerance where the cluster's clock is not known: the clocks of two machines rarely differ by more. */
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
  // An object that existed before is older than clocks can differ.
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
