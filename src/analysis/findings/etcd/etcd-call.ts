import { shell } from '../../../format/shell-command.ts';
import type { Nanos } from '../../../trace/time.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import type { Evidence } from '../trace-index.ts';

/** One call of etcd's API, as both sides report it. */
export interface EtcdCall {
  readonly client: PlacedSpan;
  /** Undefined where etcd does not export its spans. */
  readonly server: PlacedSpan | undefined;
}

export const etcdCalls = (evidence: Evidence): readonly EtcdCall[] => evidence.once(allCalls);

const allCalls = (evidence: Evidence): EtcdCall[] =>
  evidence
    .onPath()
    .filter(({ span }) => span.kind === 'client' && span.name.startsWith('etcdserverpb.'))
    .map((client) => ({ client, server: client.children.find(({ span }) => span.kind === 'server') }));

/** `KV/Txn` */
export const callName = ({ client }: EtcdCall): string => client.span.name.slice('etcdserverpb.'.length);

/** Writes wait for the members to agree and for the disk. The API server makes all its own by KV/Txn. */
export const isWrite = ({ client }: EtcdCall): boolean =>
  /^etcdserverpb\.(KV\/(Txn|Put|DeleteRange)|Lease\/)/.test(client.span.name);

/** A span of etcd 3.7 between handing a write to raft and its result, with that time on the critical path. */
export interface RaftWait {
  readonly span: PlacedSpan;
  readonly nanos: Nanos;
}

/** etcd server/etcdserver/v3_server.go: from the proposal to the result the members agree, sync their disks, and apply. */
export function raftWaits(evidence: Evidence, server: PlacedSpan): RaftWait[] {
  return server.children.flatMap((span): RaftWait[] => {
    const from = evidence.eventOffset(span, 'Send raft proposal');
    const to = evidence.eventOffset(span, 'Receive raft result', 'last');
    return from === undefined || to === undefined ? [] : [{ span, nanos: evidence.criticalTimeWithin(span, from, to) }];
  });
}

/** On kubeadm's clusters; elsewhere etcd's log is to be found by other means. */
export const ETCD_LOG = shell`kubectl logs -n kube-system -l component=etcd --tail=100`;
