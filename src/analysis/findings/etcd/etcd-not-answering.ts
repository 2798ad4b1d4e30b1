import { shell } from '../../../format/shell-command.ts';
import { formatDuration } from '../../wording/duration.ts';
import { defineTimeFinding } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { callName, etcdCalls } from './etcd-call.ts';

/**
 * The API server had sent its call, and etcd started to work on it late: etcd was stopped, or short of CPU, or the
 * network was blocked.
 *
 *     KV/Range, client  |--------------------------|
 *     KV/Range, server                       |--|
 *     no response       |....................|
 */
export const etcdNotAnswering = defineTimeFinding({
  id: 'etcd-not-answering',
  threshold: atLeast(50, 10),
  title: 'the API server waiting for etcd, which did not respond',
  detail: ({ name, wait, work }) => [
    `etcd started to work on ${name} ${formatDuration(wait)} after it was sent, and then took ${formatDuration(work)}.`,
    'Until then etcd was stopped, overloaded or unreachable.',
  ],
  hint: "Check etcd's CPU and disk, restarts and leader elections, and the network between etcd and the API server.",
  command: shell`kubectl get --raw '/readyz?verbose'`,
  find,
});

function find(index: TraceIndex) {
  const late = etcdCalls(index).flatMap((call) => {
    const { client, server } = call;
    if (server === undefined) return [];
    return [{ call, server, wait: index.criticalTimeWithin(client, client.offset, server.offset) }];
  });
  const [longest] = late.toSorted((a, b) => b.wait - a.wait);
  if (longest === undefined) return [];
  return [
    {
      name: callName(longest.call),
      wait: longest.wait,
      work: longest.server.duration,
      parts: late.map(({ call, wait }) => ({ span: call.client, nanos: wait })),
    },
  ];
}
