import { deriveSpanID, type SpanID } from '../../../trace/ids.ts';
import { nanos, type Nanos } from '../../../trace/time.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import type { TraceIndex } from '../trace-index.ts';

/** The inferred rows of a request's time outside the server's span (see client-time.ts). Missing rows are undefined. */
export interface ClientGaps {
  readonly client: PlacedSpan;
  readonly connect: PlacedSpan | undefined;
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
 * The time before and after the server's span that only authentication can explain. Both gaps together hold one network
 * round trip. The connection's handshakes measure a round trip by the client's clock alone, and a difference between the
 * two machines' clocks does not change the sum of the gaps. Zero where the round trip is not known.
 */
export function authenticationTime(index: TraceIndex, gaps: ClientGaps): Nanos {
  const { before, after, client, authenticated } = gaps;
  const phases = index.requestOf(client)?.phases;
  if (before === undefined || authenticated || phases === undefined) return nanos(0);
  const roundTrip = Math.max(phases.connectNanos ?? 0, phases.tlsNanos ?? 0);
  if (roundTrip === 0) return nanos(0);
  const gap = before.duration + (after?.duration ?? 0) - (phases.receiveNanos ?? 0);
  const rest = gap - 2 * roundTrip;
  return nanos(Math.max(0, Math.min(rest, index.criticalTime(before))));
}
