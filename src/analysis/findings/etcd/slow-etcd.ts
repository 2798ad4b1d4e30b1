import { counted } from '../../../format/counted.ts';
import { nanos } from '../../../trace/time.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { textAttribute } from '../../attributes.ts';
import { defineTimeFinding, type Part } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { etcdCalls, ETCD_LOG, isWrite, raftWaits, type EtcdCall } from './etcd-call.ts';

/** etcd's work on reads, and calls that only the API server reports. Commits have their own finding. */
export const slowEtcd = defineTimeFinding({
  id: 'slow-etcd',
  threshold: atLeast(50, 10),
  title: ({ silent }) => (silent ? 'etcd, or the network between etcd and the API server' : "etcd's own work"),
  detail: ({ silent, parts }) => [
    `${counted(parts.length, 'etcd call')}.`,
    silent
      ? 'etcd exports no spans, so its work is not visible; start it with --enable-distributed-tracing.'
      : undefined,
  ],
  hint: 'Look for large ranges, a database that needs compaction or defragmentation, and a slow disk.',
  command: ETCD_LOG,
  find,
});

/** Span of a list that bypasses the watch cache. Such lists have their own finding. */
export const LIST_FROM_ETCD = 'List(recursive=true) etcd3';

function find(index: TraceIndex) {
  const calls = etcdCalls(index).filter(({ client }) => client.parent?.span.name !== LIST_FROM_ETCD);
  // A bound of what etcd took is not what it took.
  const measured = index.onPath().filter((span) => span.precision === 'length-only' && isEtcd(span));
  return [
    {
      silent: calls.every(({ server }) => server === undefined),
      parts: [
        ...calls.map((call): Part => ({ span: call.server ?? call.client, nanos: workTime(index, call) })),
        ...measured.map((span): Part => ({ span, nanos: index.criticalTime(span) })),
      ],
    },
  ];
}

/** As the API server's metrics show it. */
const isEtcd = ({ span }: PlacedSpan): boolean =>
  textAttribute(span.attributes, 'metric.name') === 'etcd_request_duration_seconds';

function workTime(index: TraceIndex, call: EtcdCall): Part['nanos'] {
  const { client, server } = call;
  if (server === undefined) return index.criticalTime(client);
  if (isWrite(call) && server.children.length === 0) return nanos(0);
  const raft = raftWaits(index, server).reduce((sum, wait) => sum + wait.nanos, 0);
  return nanos(index.criticalTime(server) - raft);
}
