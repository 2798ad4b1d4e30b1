import { conclude, type Part } from '../conclude.ts';
import { etcdCalls, ETCD_LOG, isWrite, raftWaits } from './etcd-call.ts';
import type { Finder } from '../finding.ts';

/** A write that etcd took long to commit. Before 3.7 etcd says no more than how long the whole call took. */
export const etcdSlowCommit: Finder = (evidence) => {
  let measured = true;
  const parts = etcdCalls(evidence).flatMap((call): Part[] => {
    const { server } = call;
    if (server === undefined) return [];
    const waits = raftWaits(evidence, server);
    if (waits.length > 0) return waits;
    if (!isWrite(call) || server.children.length > 0) return [];
    measured = false;
    return [{ span: server, nanos: evidence.criticalTime(server) }];
  });
  return conclude(evidence, {
    id: 'etcd-slow-commit',
    parts,
    was: measured ? 'etcd committing the write (raft and its disk)' : "etcd's work on the write",
    detail: [
      measured
        ? 'A write waits until most members have it on disk: either a disk syncs slowly, or the members answer each other slowly.'
        : 'etcd says since 3.7 what a write waits for; most often it is the disk, which has to sync before it is committed.',
    ],
    hint: 'etcd_disk_wal_fsync_duration_seconds should stay below 10 ms for 99 % of writes, etcd_network_peer_round_trip_time_seconds below 50 ms.',
    command: ETCD_LOG,
  });
};
