import { shell } from '../../../format/shell-command.ts';
import type { Nanos } from '../../../trace/time.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import type { TraceIndex } from '../trace-index.ts';

/** One call of etcd's API, as reported by both sides. */
export interface EtcdCall {
  readonly client: PlacedSpan;
  /** Undefined where etcd exports no spans. */
  readonly server: PlacedSpan | undefined;
}

export const etcdCalls = (index: TraceIndex): readonly EtcdCall[] => index.once(allCalls);

const allCalls = (index: TraceIndex): EtcdCall[] =>
  index
    .onPath()
    .filter(({ span }) => span.kind === 'client' && span.name.startsWith('etcdserverpb.'))
    .map((client) => ({ client, server: client.children.find(({ span }) => span.kind === 'server') }));

/** `KV/Txn` */
export const callName = ({ client }: EtcdCall): string => client.span.name.slice('etcdserverpb.'.length);

/** Writes wait for raft and the disk. The API server itself writes only with KV/Txn. */
export const isWrite = ({ client }: EtcdCall): boolean =>
  /^etcdserverpb\.(KV\/(Txn|Put|DeleteRange)|Lease\/)/.test(client.span.name);

/** A span of etcd 3.7 that waits for raft, and the time of that wait on the critical path. */
export interface RaftWait {
  readonly span: PlacedSpan;
  readonly nanos: Nanos;
}

/** Between proposal and result the members agree, sync their disks and apply (etcd server/etcdserver/v3_server.go). */
export function raftWaits(index: TraceIndex, server: PlacedSpan): RaftWait[] {
  return server.children.flatMap((span): RaftWait[] => {
    const from = index.eventOffset(span, 'Send raft proposal');
    const to = index.eventOffset(span, 'Receive raft result', 'last');
    return from === undefined || to === undefined ? [] : [{ span, nanos: index.criticalTimeWithin(span, from, to) }];
  });
}

/** Shows etcd's log on clusters made by kubeadm; elsewhere the log is in another place. */
export const ETCD_LOG = shell`kubectl logs -n kube-system -l component=etcd --tail=100`;
