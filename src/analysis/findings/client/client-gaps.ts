import { deriveSpanID, type SpanID } from '../../../trace/ids.ts';
import { nanos, type Nanos } from '../../../trace/time.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import type { RequestOutcome } from '../finding-context.ts';
import { isAuthentication } from '../../assemble/measured-time.ts';
import type { TraceIndex } from '../trace-index.ts';

/**
 * The rows of a request's time outside the server's span (see client-time.ts and measured-time.ts). Missing rows are
 * undefined.
 */
export interface ClientGaps {
  readonly client: PlacedSpan;
  /** The client measured itself: `before` and `after` are what neither it nor the network explains. */
  readonly measured: boolean;
  readonly connect: PlacedSpan | undefined;
  /** The server's part of the TLS handshake. */
  readonly tls: PlacedSpan | undefined;
  /** Measured time of the network: the way there, and the way back. */
  readonly network: readonly PlacedSpan[];
  /** The row before the server's span. */
  readonly before: PlacedSpan | undefined;
  /** The row after the server's span. */
  readonly after: PlacedSpan | undefined;
  /** Authentication has its own span, so `before` does not include it. */
  readonly authenticated: boolean;
}

export const clientGaps = (index: TraceIndex): readonly ClientGaps[] => index.once(allGaps);

function allGaps(index: TraceIndex): ClientGaps[] {
  const clients = index.trace.spans.filter(({ source, span }) => source === 'client' && span.kind === 'client');
  return clients.map((client) => {
    const own = new Map<SpanID, PlacedSpan>();
    for (const child of client.children) if (child.source !== 'span') own.set(child.spanID, child);
    const row = (key: string): PlacedSpan | undefined => own.get(deriveSpanID(client.spanID, key));
    const below = client.children.flatMap((child) => [child, ...child.children]);
    const measured = index.requestOf(client)?.clientPhases != null;
    const [way, response] = [row('network'), row('response')];
    return {
      client,
      measured,
      connect: row('connect'),
      tls: row('tls'),
      network: measured ? [way, response].filter((one) => one !== undefined) : [],
      before: measured ? row('before') : way,
      after: measured ? row('after') : response,
      authenticated: below.some(({ span }) => isAuthentication(span.name)),
    };
  });
}

/**
 * The time before and after the server's span that only authentication can explain. Both gaps together hold one network
 * round trip. The connection's handshakes measure a round trip by the client's clock alone, and a difference between the
 * two machines' clocks does not change the sum of the gaps. Zero where the round trip is not known, and where a gateway
 * may have taken the time.
 */
export function authenticationTime(index: TraceIndex, gaps: ClientGaps): Nanos {
  const { before, after, client, authenticated } = gaps;
  const request = index.requestOf(client);
  if (before === undefined || authenticated || request === undefined) return nanos(0);
  if (gaps.measured && request.tlsEnd !== 'apiserver') return nanos(0);
  const { phases } = request;
  const longest = Math.max(handshake(request, 'connectNanos'), handshake(request, 'tlsNanos'));
  if (longest === 0) return nanos(0);
  const known = gaps.measured ? (request.roundTripNanos ?? 0) : -(phases.receiveNanos ?? 0);
  const gap = before.duration + (after?.duration ?? 0) + known;
  return nanos(Math.max(0, Math.min(gap - 2 * longest, index.criticalTime(before))));
}

/** Without the client's own part. */
const handshake = ({ phases, clientPhases }: RequestOutcome, phase: 'connectNanos' | 'tlsNanos'): number =>
  (phases[phase] ?? 0) - (clientPhases?.[phase] ?? 0);

/** The shortest round trip that was measured on the connections of these requests; undefined without any. */
export function shortestRoundTrip(index: TraceIndex, all: readonly ClientGaps[]): Nanos | undefined {
  const roundTrips = all.flatMap(({ client }) => index.requestOf(client)?.roundTripNanos ?? []);
  if (roundTrips.length === 0) return undefined;
  return nanos(roundTrips.reduce((least, each) => Math.min(least, each), Infinity));
}
