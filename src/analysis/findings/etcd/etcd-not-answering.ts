import { shell } from '../../../format/shell-command.ts';
import { nanos } from '../../../trace/time.ts';
import { formatDuration } from '../../wording/duration.ts';
import { conclude } from '../conclude.ts';
import { callName, etcdCalls } from './etcd-call.ts';
import type { Finder } from '../finding.ts';

/**
 * The API server had sent its call, and etcd began to work on it late: etcd was stopped, or short of CPU, or the way
 * there was blocked.
 *
 *     KV/Range, client  |--------------------------|
 *     KV/Range, server                       |--|
 *     not answering     |....................|
 */
export const etcdNotAnswering: Finder = (evidence) => {
  const late = etcdCalls(evidence).flatMap((call) => {
    const { client, server } = call;
    if (server === undefined) return [];
    const wait = evidence.criticalTimeWithin(client, client.offset, server.offset);
    return [{ call, server, wait }];
  });
  const [longest] = late.toSorted((a, b) => b.wait - a.wait);
  if (longest === undefined) return [];
  const name = callName(longest.call);
  return conclude(evidence, {
    id: 'etcd-not-answering',
    parts: late.map(({ call, wait }) => ({ span: call.client, nanos: nanos(wait) })),
    was: 'the API server waiting for etcd, which did not answer',
    detail: [
      `etcd began to work on ${name} ${formatDuration(longest.wait)} after it was sent, and then took ${formatDuration(longest.server.duration)}:`,
      'meanwhile it was stopped, overloaded, or not reached.',
    ],
    hint: "Look at etcd's CPU and disk, at restarts and leader elections, and at the network between it and the API server.",
    command: shell`kubectl get --raw '/readyz?verbose'`,
  });
};
