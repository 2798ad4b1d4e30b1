import { counted } from '../../../format/counted.ts';
import { nanos } from '../../../trace/time.ts';
import { conclude, type Part } from '../conclude.ts';
import { etcdCalls, ETCD_LOG, isWrite, raftWaits, type EtcdCall } from './etcd-call.ts';
import type { Evidence } from '../trace-index.ts';
import type { Finder } from '../finding.ts';

/** etcd's work on reads, and calls of which nobody but the API server tells. Commits are a finding of their own. */
export const slowEtcd: Finder = (evidence) => {
  const calls = etcdCalls(evidence).filter(({ client }) => client.parent?.span.name !== LIST_FROM_ETCD);
  const silent = calls.every(({ server }) => server === undefined);
  return conclude(evidence, {
    id: 'slow-etcd',
    parts: calls.map((call): Part => ({ span: call.server ?? call.client, nanos: workTime(evidence, call) })),
    was: silent ? 'etcd, or the way to it and back' : "etcd's own work",
    detail: [
      `${counted(calls.length, 'call')} of etcd.`,
      silent
        ? 'etcd exports no spans, so what it did is not visible: start it with --enable-distributed-tracing.'
        : undefined,
    ],
    hint: 'Look for large ranges, for a database that needs compaction or defragmentation, and for a slow disk.',
    command: ETCD_LOG,
  });
};

/** Lists that are read past the watch cache are told by their own finding. */
export const LIST_FROM_ETCD = 'List(recursive=true) etcd3';

function workTime(evidence: Evidence, call: EtcdCall): Part['nanos'] {
  const { client, server } = call;
  if (server === undefined) return evidence.criticalTime(client);
  if (isWrite(call) && server.children.length === 0) return nanos(0);
  const raft = raftWaits(evidence, server).reduce((sum, wait) => sum + wait.nanos, 0);
  return nanos(evidence.criticalTime(server) - raft);
}
