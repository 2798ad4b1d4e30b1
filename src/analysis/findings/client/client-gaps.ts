import { deriveSpanID, type SpanID } from '../../../trace/ids.ts';
import { nanos, type Nanos } from '../../../trace/time.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import type { Evidence } from '../trace-index.ts';

/** A request's time outside the server's span, by its rows (see client-time.ts); each undefined where there is none. */
export interface ClientGaps {
  readonly client: PlacedSpan;
  readonly connect: PlacedSpan | undefined;
  /** Before the server's span. */
  readonly before: PlacedSpan | undefined;
  /** After it. */
  readonly after: PlacedSpan | undefined;
  /** The server's authentication has a span of its own, so that it is not in `before`. */
  readonly authenticated: boolean;
}

export const clientGaps = (evidence: Evidence): readonly ClientGaps[] => evidence.once(allGaps);

function allGaps(evidence: Evidence): ClientGaps[] {
  const clients = evidence.trace.spans.filter(({ source, span }) => source === 'client' && span.kind === 'client');
  return clients.map((client) => {
    const own = new Map<SpanID, PlacedSpan>();
    for (const child of client.children) if (child.source !== 'span') own.set(child.spanID, child);
    const row = (key: string): PlacedSpan | undefined => own.get(deriveSpanID(client.spanID, key));
    const below = client.children.flatMap((child) => [child, ...child.children]);
    return {
      client,
      connect: row('connect'),
      before: row('network'),
      after: row('response'),
      authenticated: below.some(({ span }) => span.name === 'authentication'),
    };
  });
}

/**
 * How much of the time before and after the server's span can only have been its authentication. Both gaps together hold
 * one round trip, which the connection's own handshakes measure by the client's clock alone; the two machines' clocks
 * cannot move their sum. Zero where the round trip is not known.
 */
export function authenticationTime(evidence: Evidence, gaps: ClientGaps): Nanos {
  const { before, after, client, authenticated } = gaps;
  const phases = evidence.requestOf(client)?.phases;
  if (before === undefined || authenticated || phases === undefined) return nanos(0);
  const roundTrip = Math.max(phases.connectNanos ?? 0, phases.tlsNanos ?? 0);
  if (roundTrip === 0) return nanos(0);
  const gap = before.duration + (after?.duration ?? 0) - (phases.receiveNanos ?? 0);
  const rest = gap - 2 * roundTrip;
  return nanos(Math.max(0, Math.min(rest, evidence.criticalTime(before))));
}
