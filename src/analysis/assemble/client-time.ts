import type { Span } from '../../trace/span.ts';
import { after, between, nanos, type EpochNanos, type Nanos } from '../../trace/time.ts';
import { isReported, type PlacedSpan, type Trace, type TraceInput } from '../../trace/trace.ts';
import { formatParts } from './client-label.ts';
import { unreported, type UnreportedTime } from '../timing/unreported.ts';
import { formatBytes } from '../wording/bytes.ts';
import type { ClientTiming } from './client-timing.ts';
import { isAuthenticated, measuredRows } from './measured-time.ts';

/** How long making the connection took; none where one was used again. */
export const connecting = ({ dns, connect, tls }: Pick<ClientTiming, 'dns' | 'connect' | 'tls'>): Nanos =>
  nanos((dns ?? 0) + (connect ?? 0) + (tls ?? 0));

/**
 * The earliest end of connecting. A busy client notices the end late, while its request is sent as soon as the connection is
 * there: its own part of the phases may have come after that.
 */
export function connectedEarliest(timing: ClientTiming): Nanos {
  const { measured } = timing;
  const own = measured === undefined ? 0 : measured.dns + measured.connect + measured.tls;
  return nanos(Math.max(0, connecting(timing) - own));
}

/**
 * The rows that explain a client span, where the client's own part was not measured (see measured-time.ts for where it
 * was): the client's measurements and, marked inferred, the time on either side of the server's span, which no process measures (the network, and since Kubernetes 1.33 the authentication: the server's
 * span starts after it).
 *
 *     client span  |----------------------------------------------------|
 *     connect      |======|
 *     network, authentication |.......|
 *     server span                     |------------------|
 *     response                                           |..............|
 *
 * Without a server span, the time between connecting and the first byte of the response is one inferred row.
 */
export function clientTime(trace: Trace, timings: readonly ClientTiming[]): TraceInput[] {
  const placedSpans = new Map(trace.spans.map((placed) => [placed.span, placed]));
  return timings.flatMap((timing) => {
    const placed = placedSpans.get(timing.span);
    if (placed === undefined) return [];
    return [...rowsBefore(timing, placed, trace), ...openRow(timing)];
  });
}

/** Rows of a request, but for the time in which it is a stream that is only open. */
function rowsBefore(timing: ClientTiming, place: PlacedSpan, trace: Trace): TraceInput[] {
  const reported = place.children.filter(({ source }) => isReported(source));
  if (timing.measured !== undefined) return measuredRows(timing, timing.measured, reported, trace);
  const connected = after(timing.span.start, connecting(timing));
  const rows = reported.length === 0 ? unexplained(timing, connected) : around(reported, timing, connected, trace);
  return [connection(timing, connected), ...rows].filter(({ span }) => between(span.start, span.end) > 0);
}

/** When the request's initial part ended: its end, but for streams. */
export const openedAt = ({ span, open }: ClientTiming): EpochNanos => after(span.end, nanos(-(open ?? 0)));

/** The client decides how long a stream stays open: the time belongs to no component. */
function openRow(timing: ClientTiming): TraceInput[] {
  const { span, open } = timing;
  if (open == null || open <= 0) return [];
  const row = { name: OPEN, short: 'open', start: openedAt(timing), end: span.end };
  return [unreported({ parent: span, key: 'open', ...row, component: 'open', source: 'client' })];
}

/** The name of the row. */
export const OPEN = 'the stream is open';

type Row = Omit<UnreportedTime, 'parent' | 'component' | 'source'> & Partial<UnreportedTime>;

/** Time of the network, measured by the client, unless the row says otherwise. */
const rowBelow = (parent: Span, row: Row): TraceInput =>
  unreported({ parent, component: 'network', source: 'client', ...row });

function connection(timing: ClientTiming, connected: EpochNanos): TraceInput {
  const { span } = timing;
  return rowBelow(span, { key: 'connect', ...formatParts(timing), start: span.start, end: connected });
}

/** On the way to what the server reported, and on the way back. */
function around(
  reported: readonly PlacedSpan[],
  timing: ClientTiming,
  connected: EpochNanos,
  trace: Trace,
): TraceInput[] {
  const [first] = reported as readonly [PlacedSpan, ...PlacedSpan[]];
  const lastEnd = reported.reduce<number>(
    (last, placed) => Math.max(last, placed.offset + placed.duration),
    first.offset,
  );
  const end = after(trace.startedAt, nanos(lastEnd));
  const { span } = timing;
  return [
    rowBelow(span, {
      key: 'network',
      ...beforeFirst(first),
      start: connected,
      end: after(trace.startedAt, first.offset),
      source: 'gap',
    }),
    rowBelow(span, {
      key: 'response',
      name: 'response on its way (inferred), read',
      short: 'response on its way',
      start: end > connected ? end : connected,
      end: openedAt(timing),
      source: 'gap',
    }),
  ];
}

/** Name of the time before the first span that the server reported. */
function beforeFirst(first: PlacedSpan): { name: string; short: string } {
  if (isAuthenticated(first)) return { name: 'network (inferred)', short: 'network (inferred)' };
  return first.span.kind === 'server'
    ? { name: 'network, authentication (inferred)', short: 'network, authn (inferred)' }
    : { name: 'network, server (inferred: its span is not in)', short: 'network, server (inferred)' };
}

/** All that the client knows without the server's span. */
function unexplained(timing: ClientTiming, connected: EpochNanos): TraceInput[] {
  const { span, hasResponse } = timing;
  const firstByte = after(span.end, nanos(hasResponse ? -(timing.receive ?? 0) : 0));
  const end = openedAt(timing);
  return [
    rowBelow(span, {
      key: 'unknown',
      name: hasResponse ? 'network, apiserver, etcd (no spans)' : 'no response',
      short: hasResponse ? 'network, apiserver, etcd' : 'no response',
      start: connected,
      end: firstByte,
      component: 'other',
      source: 'gap',
    }),
    rowBelow(span, {
      key: 'read',
      name: `read the response, ${formatBytes(timing.responseBytes)}`,
      short: 'read the response',
      start: firstByte > connected ? firstByte : connected,
      end,
    }),
  ];
}
