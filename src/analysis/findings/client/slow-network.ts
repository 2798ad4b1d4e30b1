import { shell } from '../../../format/shell-command.ts';
import { nanos, type Nanos } from '../../../trace/time.ts';
import { formatDuration } from '../../wording/duration.ts';
import { authenticationTime, clientGaps, type ClientGaps } from './client-gaps.ts';
import { conclude, type Part } from '../conclude.ts';
import type { Evidence } from '../trace-index.ts';
import type { Finder } from '../finding.ts';

/** Between this machine and the API server: connecting, and what lies on either side of the server's spans. */
export const slowNetwork: Finder = (evidence) => {
  const all = clientGaps(evidence);
  const connect = sum(evidence, all, ({ connect: span }) => span);
  const before = sum(evidence, all, ({ before: span }) => span);
  const after = sum(evidence, all, ({ after: span }) => span);
  const authenticated = all.every((gaps) => gaps.authenticated);
  const words = [
    connect > 0 ? `${formatDuration(connect)} for connecting` : undefined,
    before > 0
      ? `${formatDuration(before)} on the way there${authenticated ? '' : ', authentication included'} (inferred)`
      : undefined,
    after > 0 ? `${formatDuration(after)} on the way back (inferred)` : undefined,
  ].filter((word) => word !== undefined);
  return conclude(evidence, {
    id: 'slow-network',
    parts: all.flatMap((gaps) => partsOf(evidence, gaps)),
    was: 'the network between this machine and the API server',
    detail: [`${words.join(', ')}. The API server and what it called took the rest.`],
    hint: 'Look at VPN, proxy and load balancer on the way, or run the command closer to the cluster. Every new process connects anew.',
    command: shell`kubectl get --raw /version -v=9`,
  });
};

function partsOf(evidence: Evidence, gaps: ClientGaps): Part[] {
  const authentication = authenticationTime(evidence, gaps);
  return [gaps.connect, gaps.before, gaps.after].flatMap((span): Part[] => {
    if (span === undefined) return [];
    const time = evidence.criticalTime(span);
    return [{ span, nanos: nanos(span === gaps.before ? time - authentication : time) }];
  });
}

function sum(evidence: Evidence, all: readonly ClientGaps[], of: (gaps: ClientGaps) => ClientGaps['connect']): Nanos {
  const spans = all.map(of).filter((span) => span !== undefined);
  return nanos(spans.reduce((time, span) => time + evidence.criticalTime(span), 0));
}
