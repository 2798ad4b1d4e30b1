import { shell } from '../../../format/shell-command.ts';
import { nanos, type Nanos } from '../../../trace/time.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { formatDuration } from '../../wording/duration.ts';
import { defineTimeFinding, type Part } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { authenticationTime, clientGaps, shortestRoundTrip, type ClientGaps } from './client-gaps.ts';

/**
 * Time between this machine and the API server. Where the client measured itself: round trips and the transfer of the
 * response. In documents of earlier versions: connecting, and the gaps before and after the server's span.
 */
export const slowNetwork = defineTimeFinding({
  id: 'slow-network',
  threshold: atLeast(100, 25),
  title: 'the network between this machine and the API server',
  detail: ({ connect, before, after, network, authenticated, hasResponse, roundTrip }) => [
    roundTrip === undefined ? undefined : `A round trip took ${formatDuration(roundTrip)}.`,
    `${[
      connect > 0 ? `${formatDuration(connect)} to connect` : [],
      network > 0 ? `${formatDuration(network)} for requests and responses` : [],
      before > 0
        ? `${formatDuration(before)} to the API server${authenticated ? '' : ', including authentication'} (inferred)`
        : [],
      after > 0 ? `${formatDuration(after)} back (inferred)` : [],
    ]
      .flat()
      .join(', ')}.`,
    hasResponse ? 'The API server and the services that it called took the rest.' : undefined,
  ],
  hint: 'Check VPN, proxies and load balancers on the path, or run the command closer to the cluster. Every new process connects again.',
  command: shell`kubectl get --raw /version -v=9`,
  find,
});

function find(index: TraceIndex) {
  const all = clientGaps(index);
  const inferred = all.filter(({ measured }) => !measured);
  const { requests = [] } = index.context;
  return [
    {
      hasResponse: requests.length === 0 || requests.some(({ status }) => status !== null),
      connect: sum(index, all, ({ connect }) => [connect]),
      network: sum(index, all, ({ network }) => network),
      before: sum(index, inferred, ({ before }) => [before]),
      after: sum(index, inferred, ({ after }) => [after]),
      authenticated: all.every((gaps) => gaps.authenticated),
      roundTrip: shortestRoundTrip(index, all),
      parts: all.flatMap((gaps) => partsOf(index, gaps)),
    },
  ];
}

function partsOf(index: TraceIndex, gaps: ClientGaps): Part[] {
  const authentication = authenticationTime(index, gaps);
  const rows = gaps.measured ? [gaps.connect, ...gaps.network] : [gaps.connect, gaps.before, gaps.after];
  return rows.flatMap((span): Part[] => {
    if (span === undefined) return [];
    const time = index.criticalTime(span);
    return [{ span, nanos: nanos(span === gaps.before ? time - authentication : time) }];
  });
}

function sum(
  index: TraceIndex,
  all: readonly ClientGaps[],
  of: (gaps: ClientGaps) => readonly (PlacedSpan | undefined)[],
): Nanos {
  const spans = all.flatMap(of).filter((span) => span !== undefined);
  return nanos(spans.reduce((time, span) => time + index.criticalTime(span), 0));
}
