import { nanos } from '../../../trace/time.ts';
import { formatDuration } from '../../wording/duration.ts';
import { defineTimeFinding, type Part } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { authenticationTime, clientGaps, shortestRoundTrip } from './client-gaps.ts';

/**
 * Time between the client and the API server's span that neither the client nor a round trip explains. A gateway that ends
 * TLS shows here: the round trips that the client measures end at it.
 */
export const slowGateway = defineTimeFinding({
  id: 'slow-gateway',
  threshold: atLeast(50, 25),
  title: 'network or gateway, beyond the round trips that were measured (inferred)',
  detail: ({ roundTrip, isGateway, isAuthenticated }) => [
    roundTrip === undefined ? undefined : `A round trip on this connection took ${formatDuration(roundTrip)}.`,
    isGateway
      ? 'A gateway ends the TLS connection: it, and its own way to the API server, are not measured.'
      : 'A gateway or load balancer that ends the connection, lost packets, or waiting before the first span can take it.',
    isGateway || isAuthenticated ? undefined : 'Authentication comes before the first span too.',
  ],
  hint: "Compare with the same request without the gateway, and with the gateway's own metrics.",
  command: null,
  find,
});

function find(index: TraceIndex) {
  const all = clientGaps(index).filter(({ measured }) => measured);
  const requests = all.flatMap(({ client }) => index.requestOf(client) ?? []);
  return [
    {
      roundTrip: shortestRoundTrip(index, all),
      isGateway: requests.some(({ tlsEnd }) => tlsEnd === 'gateway'),
      isAuthenticated: all.every(({ authenticated }) => authenticated),
      parts: all.flatMap((gaps) => {
        const authentication = authenticationTime(index, gaps);
        const tls = index.requestOf(gaps.client)?.tlsEnd === 'apiserver' ? undefined : gaps.tls;
        return [tls, gaps.before, gaps.after].flatMap((span): Part[] => {
          if (span === undefined) return [];
          const time = index.criticalTime(span);
          return [{ span, nanos: nanos(span === gaps.before ? time - authentication : time) }];
        });
      }),
    },
  ];
}
