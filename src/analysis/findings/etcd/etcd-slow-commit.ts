import { defineTimeFinding, type Part } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { etcdCalls, ETCD_LOG, isWrite, raftWaits } from './etcd-call.ts';

/** A write that etcd committed slowly. Before 3.7 etcd reports only the duration of the complete call. */
export const etcdSlowCommit = defineTimeFinding({
  id: 'etcd-slow-commit',
  threshold: atLeast(50, 10),
  title: ({ measured }) => (measured ? 'etcd committing the write (raft and disk)' : "etcd's work on the write"),
  detail: ({ measured }) =>
    measured
      ? 'A write waits until most members have it on disk: either a disk syncs slowly, or the members respond slowly to each other.'
      : 'Only etcd 3.7 and later report what a write waits for. The usual cause is the disk, which must sync before the commit.',
  hint: 'etcd_disk_wal_fsync_duration_seconds should stay below 10 ms for 99 % of writes, etcd_network_peer_round_trip_time_seconds below 50 ms.',
  command: ETCD_LOG,
  find,
});

function find(index: TraceIndex) {
  let measured = true;
  const parts = etcdCalls(index).flatMap((call): Part[] => {
    const { server } = call;
    if (server === undefined) return [];
    const waits = raftWaits(index, server);
    if (waits.length > 0) return waits;
    if (!isWrite(call) || server.children.length > 0) return [];
    measured = false;
    return [{ span: server, nanos: index.criticalTime(server) }];
  });
  return [{ measured, parts }];
}
