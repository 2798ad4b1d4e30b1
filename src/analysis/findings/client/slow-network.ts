import { shell } from '../../../format/shell-command.ts';
import { nanos, type Nanos } from '../../../trace/time.ts';
import { formatDuration } from '../../wording/duration.ts';
import { defineTimeFinding, type Part } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { authenticationTime, clientGaps, type ClientGaps } from './client-gaps.ts';

/** Time between this machine and the API server: connecting, and the gaps before and after the server's span. */
export const slowNetwork = defineTimeFinding({
  id: 'slow-network',
  threshold: atLeast(100, 25),
  title: 'the network between this machine and the API server',
  detail: ({ connect, before, after, authenticated }) => [
    `${[
      connect > 0 ? `${formatDuration(connect)} to connect` : [],
      before > 0
        ? `${formatDuration(before)} to the API server${authenticated ? '' : ', including authentication'} (inferred)`
        : [],
      after > 0 ? `${formatDuration(after)} back (inferred)` : [],
    ]
      .flat()
      .join(', ')}.`,
    'The API server and the services that it called took the rest.',
  ],
  hint: 'Check VPN, proxies and load balancers on the path, or run the command closer to the cluster. Every new process connects again.',
  command: shell`kubectl get --raw /version -v=9`,
  find,
});

function find(index: TraceIndex) {
  const all = clientGaps(index);
  return [
    {
      connect: sum(index, all, ({ connect }) => connect),
      before: sum(index, all, ({ before }) => before),
      after: sum(index, all, ({ after }) => after),
      authenticated: all.every((gaps) => gaps.authenticated),
      parts: all.flatMap((gaps) => partsOf(index, gaps)),
    },
  ];
}

function partsOf(index: TraceIndex, gaps: ClientGaps): Part[] {
  const authentication = authenticationTime(index, gaps);
  return [gaps.connect, gaps.before, gaps.after].flatMap((span): Part[] => {
    if (span === undefined) return [];
    const time = index.criticalTime(span);
    return [{ span, nanos: nanos(span === gaps.before ? time - authentication : time) }];
  });
}

function sum(index: TraceIndex, all: readonly ClientGaps[], of: (gaps: ClientGaps) => ClientGaps['connect']): Nanos {
  const spans = all.map(of).filter((span) => span !== undefined);
  return nanos(spans.reduce((time, span) => time + index.criticalTime(span), 0));
}
