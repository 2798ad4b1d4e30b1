import { tableOf } from '../../format/table-of.ts';
import type { Span } from '../../trace/span.ts';
import { requireNamed, type Requirement } from './requirement.ts';

/** etcd's side of a call of the API server. Whether etcd exports spans at all is judged for the trace as a whole. */
export function belowEtcdCall(call: Span): readonly Requirement[] {
  if (!call.name.startsWith('etcdserverpb.')) return [];
  return [
    { name: call.name, kind: 'server', service: 'etcd', atLeast: 1, matches: (child) => child.kind === 'server' },
  ];
}

/** etcd 3.7's own spans below the call (etcd server/etcdserver/v3_server.go); 3.6 and older have none. */
const OPERATIONS: Readonly<Record<string, string>> = tableOf({
  'etcdserverpb.KV/Range': 'range',
  'etcdserverpb.KV/RangeStream': 'range_streaming',
  'etcdserverpb.KV/Txn': 'txn',
});

export function belowEtcdServer(span: Span): readonly Requirement[] {
  const operation = span.kind === 'server' ? OPERATIONS[span.name] : undefined;
  if (operation === undefined || etcdMinor(span) === 6) return [];
  return [{ ...requireNamed([operation]), service: 'etcd' }];
}

/**
 * etcd does not export its version, but that of its gRPC instrumentation: otelgrpc 0.46 in 3.5, 0.59 in 3.6, 0.68 in 3.7.
 * 6 stands for 3.6 and older; null where the backend does not keep the scope.
 */
export function etcdMinor(span: Span): 6 | 7 | null {
  const instrumentation = /^0\.(\d+)\./.exec(span.scope?.version ?? '')?.[1];
  if (instrumentation === undefined) return null;
  return Number(instrumentation) >= 68 ? 7 : 6;
}
