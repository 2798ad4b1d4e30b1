import { shell } from '../../../format/shell-command.ts';
import { formatDuration } from '../../wording/duration.ts';
import { defineTimeFinding } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { callName, etcdCalls } from './etcd-call.ts';

/**
 * The API server had started its call, and etcd started to work on it late: etcd was stopped, one of the two was short of
 * CPU, or the network was blocked. Neither measures which.
 *
 *     KV/Range, client  |--------------------------|
 *     KV/Range, server                       |--|
 *     no response       |....................|
 */
export const etcdNotAnswering = defineTimeFinding({
  id: 'etcd-not-answering',
  threshold: atLeast(50, 10),
  title: "the API server's call on its way to etcd (inferred)",
  detail: ({ name, wait, work }) => [
    `etcd started to work on ${name} ${formatDuration(wait)} after the API server started the call, and then took ${formatDuration(work)}.`,
    'Until then etcd was stopped, overloaded or unreachable, or the API server was short of CPU.',
  ],
  hint: "Check the CPU of etcd and of the API server, etcd's disk, restarts and leader elections, and the network between them.",
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
