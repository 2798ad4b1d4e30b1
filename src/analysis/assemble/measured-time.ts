import { after, between, nanos, type EpochNanos, type Nanos } from '../../trace/time.ts';
import { isOtherSource, type PlacedSpan, type Trace, type TraceInput } from '../../trace/trace.ts';
import type { Component } from '../timing/component.ts';
import { unreported } from '../timing/unreported.ts';
import { formatBytes } from '../wording/bytes.ts';
import { formatParts } from './client-label.ts';
import type { ClientMeasure, ClientTiming } from './client-timing.ts';

/** Round trips are measured no better than this: what they leave unexplained counts as theirs below it. */
const MEASURING_ERROR = 100_000;

/**
 * The rows of a request whose client measured itself. Client time is what this process was at work, or waited for a CPU.
 * Network time is the measured round trips, and the transfer of the bytes. Whatever neither explains is "network or
 * gateway", inferred:
 *
 *     client span     |------------------------------------------------------|
 *     client           |====|                                                     its work for the connection, the request
 *     connect               |====|                                                name lookup, TCP, a round trip of TLS
 *     TLS                        |..|                                             the rest of the handshake
 *     network                       |==|                              |===|       round trip, transfer of the response
 *     network or gateway               |...|                              |..|
 *     server span                          |--------------------------|
 *     read                                                                   |=|  the client again
 *
 * The client's work lies between the others; it is drawn in front of them as one row.
 */
export function measuredRows(
  timing: ClientTiming,
  own: ClientMeasure,
  reported: readonly PlacedSpan[],
  trace: Trace,
): TraceInput[] {
  const { span } = timing;
  const rows = new RowsBelow(timing);
  const roundTrip = own.roundTrip ?? 0;
  const waited = {
    dns: waitedIn(timing.dns, own.dns),
    connect: waitedIn(timing.connect, own.connect),
    tls: waitedIn(timing.tls, own.tls),
  };
  const handshake = nanos(Math.min(waited.tls ?? 0, roundTrip));
  const connected = (timing.dns ?? 0) + (timing.connect ?? 0) + (timing.tls ?? 0);
  const ends = reportedWithin(reported, span.start, trace);
  const open = timing.open ?? 0;
  const duration = between(span.start, span.end) - open;
  const receive = Math.max(0, (timing.receive ?? 0) - open);
  // The client notices the first byte late when it is busy; without spans its end is all that is known of the server.
  const received = timing.hasResponse ? duration - receive - own.wait : duration;
  const first = Math.min(Math.max(ends?.from ?? received, connected), duration);
  const sent = Math.min(first, connected + own.send);

  const working = own.dns + own.connect + own.tls + (sent - connected);
  const tasks = timing.tls === null ? 'preparing the request' : 'TLS, preparing the request';
  rows.add('client', { name: `client: ${tasks}`, short: 'client work' }, 'client', working);
  const parts = formatParts({ ...waited, tls: handshake });
  rows.add('connect', parts, 'network', (waited.dns ?? 0) + (waited.connect ?? 0) + handshake);
  const isServer = own.tlsEnd === 'apiserver';
  const tls = isServer ? 'TLS in the API server (inferred)' : 'TLS: network or gateway (inferred)';
  const tlsEnd = isServer ? 'apiserver' : 'network-or-gateway';
  rows.add('tls', { name: tls, short: tls }, tlsEnd, (waited.tls ?? 0) - handshake, 'gap');

  const last = ends === undefined ? first : Math.min(Math.max(ends.to, first), duration);
  const reading = Math.min(duration - last, Math.min(own.receive, receive) + own.wait);
  const back = duration - last - reading;
  const transfer = Math.min(back, Math.max(0, receive - own.receive));
  const there = first - sent;
  if (ends === undefined) {
    const arriving = timing.hasResponse ? Math.min(there, roundTrip) : 0;
    rows.add('network', { name: 'network', short: 'network' }, 'network', arriving);
    rows.addUntil(first, 'unknown', unknown(timing.hasResponse), 'other', 'gap');
    rows.add('response', transferred(timing), 'network', back);
  } else {
    const trip = tripWithin(roundTrip, there, back - transfer);
    rows.add('network', { name: 'network to the API server', short: 'network' }, 'network', trip.there);
    rows.addUntil(first, 'before', beforeServer(reported, own), 'network-or-gateway', 'gap');
    rows.skipTo(last);
    rows.add('response', transferred(timing), 'network', trip.back + transfer);
    const name = 'network or gateway (inferred)';
    rows.addUntil(duration - reading, 'after', { name, short: name }, 'network-or-gateway', 'gap');
  }
  rows.addUntil(duration, 'read', { name: 'client: read the response', short: 'read the response' }, 'client');
  return rows.inputs;
}

interface Name {
  readonly name: string;
  readonly short: string;
}

/** Rows below one client span, one after the other. */
class RowsBelow {
  readonly inputs: TraceInput[] = [];
  readonly #timing: ClientTiming;
  #at = 0;

  constructor(timing: ClientTiming) {
    this.#timing = timing;
  }

  add(key: string, name: Name, component: Component, time: number, source: 'client' | 'gap' = 'client'): void {
    this.addUntil(this.#at + time, key, name, component, source);
  }

  addUntil(end: number, key: string, name: Name, component: Component, source: 'client' | 'gap' = 'client'): void {
    const { span: parent } = this.#timing;
    if (end > this.#at) {
      const place = { start: after(parent.start, nanos(this.#at)), end: after(parent.start, nanos(end)) };
      this.inputs.push(unreported({ parent, key, ...name, ...place, component, source }));
    }
    this.skipTo(end);
  }

  skipTo(offset: number): void {
    this.#at = Math.max(this.#at, offset);
  }
}

const waitedIn = (phase: Nanos | null, own: Nanos): Nanos | null =>
  phase === null ? null : nanos(Math.max(0, phase - own));

/** Where the server's spans begin and end, from the start of the request; undefined without any. */
function reportedWithin(
  reported: readonly PlacedSpan[],
  start: EpochNanos,
  trace: Trace,
): { readonly from: number; readonly to: number } | undefined {
  const [first] = reported;
  if (first === undefined) return undefined;
  const origin = between(start, trace.startedAt);
  const to = reported.reduce((last, { offset, duration }) => Math.max(last, offset + duration), 0);
  return { from: origin + first.offset, to: origin + to };
}

/** A difference between the machines' clocks moves time from one side of the server's span to the other. */
function tripWithin(roundTrip: number, there: number, back: number): { readonly there: number; readonly back: number } {
  if (there + back - roundTrip <= MEASURING_ERROR) return { there, back };
  const onTheWay = Math.max(Math.min(there, roundTrip / 2), Math.min(there, roundTrip - back));
  return { there: onTheWay, back: Math.min(back, roundTrip - onTheWay) };
}

const transferred = ({ responseBytes }: ClientTiming): Name => ({
  name: `network: response of ${formatBytes(responseBytes)}`,
  short: 'network',
});

const unknown = (hasResponse: boolean): Name => ({
  name: hasResponse ? 'network or gateway, apiserver, etcd (no spans)' : 'no response',
  short: hasResponse ? 'apiserver, etcd' : 'no response',
});

/**
 * Whether the time before this row holds no authentication. Before 1.33 the server's span began before it authenticated,
 * and has a span of that name below it. Metrics of the request as a whole, and the logs, count from its arrival.
 */
export function isAuthenticated({ span, source, precision, children }: PlacedSpan): boolean {
  if (source === 'audit' || (isOtherSource(source) && span.kind === 'server' && precision === 'exact')) return true;
  return [span, ...children.map((child) => child.span)].some(({ name }) => isAuthentication(name));
}

/** Measured by a span or, at most, by metrics. */
export const isAuthentication = (name: string): boolean => /^authentication( \(at most\))?$/.test(name);

function beforeServer(reported: readonly PlacedSpan[], { tlsEnd }: ClientMeasure): Name {
  const where = tlsEnd === 'apiserver' ? 'network' : 'network or gateway';
  if (reported.some(isAuthenticated)) return { name: `${where} (inferred)`, short: `${where} (inferred)` };
  return reported[0]?.span.kind === 'server'
    ? { name: `${where}, authentication (inferred)`, short: `${where}, authn (inferred)` }
    : { name: `${where}, server (inferred: its span is not in)`, short: `${where}, server (inferred)` };
}
