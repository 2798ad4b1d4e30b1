import type { Span } from '../../trace/span.ts';
import { after, between, epochNanos, nanos, type EpochNanos, type Nanos } from '../../trace/time.ts';
import { isReported, type TraceInput } from '../../trace/trace.ts';
import { openedAt } from './client-time.ts';
import type { ClientTiming } from './client-timing.ts';
import { identity, type FoundRequest } from './found-request.ts';

/** Where a server's spans of a request end at the latest, as the client's clock has it. */
interface Limit {
  readonly at: EpochNanos;
  /** By then the server had done its part; 0 where that is not known. */
  readonly done: EpochNanos;
}

const NEVER = epochNanos(0n);

/**
 * The server's spans, cut where the server no longer works. The same inputs where no request has such a time. Three kinds
 * of requests have one:
 *
 *     a stream         client span   |-----------------------------------|
 *                      server span     |------|.........................|        cut: it is only open
 *
 *     a slow network   client span   |-----------|=========bytes=========|
 *                      server span     |---------|.............|                 cut: it waits for the network
 *
 *     a slow client    client span   |-----------|====|  does not read  |
 *                      server span     |--------------|................|         cut: it waits for the client
 */
export function cutSpans(
  inputs: readonly TraceInput[],
  timings: readonly ClientTiming[],
  requests: readonly FoundRequest[],
): readonly TraceInput[] {
  const timingOf = new Map(timings.map((timing) => [timing.span, timing]));
  const ends = endsOf(inputs);
  const limits = new Map<string, Limit>();
  for (const { client, server, measured } of requests) {
    const [root, ...stages] = measured ?? [];
    const timing = timingOf.get(client);
    if (timing === undefined) continue;
    const isStream = (timing.open ?? 0) > 0;
    if (!isStream && measured !== undefined) {
      const identities = new Set(measured.map(({ span }) => identity(span)));
      const limit = clientFrom(timing, endOf(identities, ends));
      if (limit !== undefined) for (const each of identities) limits.set(each, limit);
    }
    if (isStream && root?.source === 'metric') {
      limits.set(identity(root.span), { at: openedAt(timing), done: lastEnd(stages.map(({ span }) => span)) });
    }
    if (server === undefined) continue;
    const identities = new Set(server.spans.map(identity));
    const end = endOf(identities, ends);
    const limit = isStream
      ? { at: openedAt(timing), done: setUpAt(server.spans) }
      : earliest(waitingFrom(timing, end), clientFrom(timing, end));
    if (limit !== undefined) for (const each of identities) limits.set(each, limit);
  }
  if (limits.size === 0) return inputs;
  return inputs.map((input): TraceInput => {
    const limit = isReported(input.source) ? limits.get(identity(input.span)) : undefined;
    if (limit === undefined) return input;
    const end = input.end ?? input.span.end;
    const at = after(limit.at, nanos(-(input.clock?.nanos ?? 0)));
    if (input.span.start >= at || end <= at) return input;
    return { ...input, end: limit.done > input.span.start && limit.done < at ? limit.done : at };
  });
}

/** The client notices later that a watch has begun than the server has done its part. */
const setUpAt = (spans: readonly Span[]): EpochNanos =>
  lastEnd(spans.filter(({ name }) => name === 'WatchList' || name === 'cacher.Watch'));

const lastEnd = (spans: readonly Span[]): EpochNanos =>
  spans.reduce((last, { end }) => (end > last ? end : last), NEVER);

/** The ends of the servers' spans by the client's clock. */
function endsOf(inputs: readonly TraceInput[]): ReadonlyMap<string, EpochNanos> {
  const ends = new Map<string, EpochNanos>();
  for (const { span, source, end, clock } of inputs) {
    if (isReported(source)) ends.set(identity(span), after(end ?? span.end, nanos(clock?.nanos ?? 0)));
  }
  return ends;
}

function endOf(identities: ReadonlySet<string>, ends: ReadonlyMap<string, EpochNanos>): EpochNanos {
  let last: EpochNanos = NEVER;
  for (const each of identities) {
    const end = ends.get(each);
    if (end !== undefined && end > last) last = end;
  }
  return last;
}

/** Bytes that are on their way when the server ends take a round trip at most, and this for noticing them. */
const SLACK = 2_000_000;

/**
 * The time from which a server's response waits for the network. Bytes that arrive for longer than a round trip after the
 * server has ended wait in buffers on the way: from then on the network alone determines how fast they arrive. At that
 * rate, all of the response takes a time that ends with its last byte:
 *
 *     server span   |--------|#############|                          #  it writes, and the buffers fill
 *     received               |1|2|3|4|5|6|7|8|9|10|                   tenths of the bytes
 *     behind its end                       |======|  3 tenths
 *     the network            |====================|  10 tenths at that rate, but not before the first byte
 *
 * A slow server whose last bytes alone wait for the network keeps the rest of its time. Undefined where the client's own
 * work may be why bytes are late.
 */
function waitingFrom({ span, receive, measured }: ClientTiming, serverEnd: EpochNanos): Limit | undefined {
  if (measured?.tenths == null || receive === null || serverEnd === NEVER) return undefined;
  if (receive < 2 * measured.receive) return undefined;
  const last = after(span.end, nanos(-measured.receive));
  const first = after(span.end, nanos(-receive - measured.wait));
  const behind = between(serverEnd, last);
  // An error of the server's clock up to a round trip remains unnoticed.
  if (behind <= 2 * (measured.roundTrip ?? 0) + SLACK) return undefined;
  const share = shareBehind(measured.tenths, receive - measured.receive, receive - measured.receive - behind);
  const from = after(last, nanos(-Math.round(behind / share)));
  return { at: from > first ? from : first, done: NEVER };
}

/**
 * The time from which a server's response waits for the client: all that is the client's own in receiving it, laid at its
 * end, however often it stopped to read. A server that is busy for longer writes to a full connection.
 */
function clientFrom({ span, receive, measured }: ClientTiming, serverEnd: EpochNanos): Limit | undefined {
  if (measured === undefined || receive === null) return undefined;
  const from = after(span.end, nanos(-measured.receive));
  const first = after(span.end, nanos(-receive - measured.wait));
  const end = serverEnd < span.end ? serverEnd : span.end;
  if (between(from, end) <= 2 * (measured.roundTrip ?? 0) + SLACK) return undefined;
  return { at: from > first ? from : first, done: NEVER };
}

const earliest = (one: Limit | undefined, other: Limit | undefined): Limit | undefined =>
  one === undefined || (other !== undefined && other.at < one.at) ? other : one;

/** The share of the bytes that came after `time`; all of them took `total`. */
function shareBehind(tenths: readonly Nanos[], total: number, time: number): number {
  const ends = [0, ...tenths, Math.max(total, tenths.at(-1) ?? 0)];
  const index = Math.max(
    1,
    ends.findIndex((end) => end > time),
  );
  const [from = 0, to = 0] = [ends[index - 1], ends[index]];
  const part = to > from ? Math.max(0, (time - from) / (to - from)) : 0;
  return 1 - (index - 1 + part) / 10;
}
