import type { Span } from '../../trace/span.ts';
import { numberAttribute, textAttribute } from '../attributes.ts';
import { timeBetween } from '../events.ts';
import type { Label } from '../rows/row-node.ts';
import { formatDuration } from '../wording/duration.ts';

/** A gRPC call of etcd's API (`etcdserverpb.KV/Range`), which the API server and etcd report under the same name. */
export function etcdCall(span: Span): Label {
  const call = span.name.slice('etcdserverpb.'.length);
  return span.kind === 'client' ? [`${call}, to etcd and back`, `${call} (to etcd)`, call] : [call];
}

/** etcd 3.7's own spans (etcd server/etcdserver/v3_server.go): what the operation touched, keys as the registry has them. */
export function etcdOperation(span: Span): Label {
  const { attributes, name } = span;
  switch (name) {
    case 'range':
    case 'range_streaming':
    case 'delete_range': {
      const begin = textAttribute(attributes, 'range_begin');
      const limit = numberAttribute(attributes, 'limit') ?? 0;
      if (begin === undefined) return [name];
      return [`${name} ${begin}${limit > 0 ? ` limit ${limit}` : ''}`, `${name} ${begin}`, name];
    }
    case 'txn':
      return write(span, textAttribute(attributes, 'success_first_key', 'compare_first_key'));
    case 'put':
      return write(span, textAttribute(attributes, 'key'));
    default:
      return [name];
  }
}

/** A write waits for the members to agree, and for the disk: from handing in its proposal to its result. */
function write(span: Span, key: string | undefined): Label {
  const { name } = span;
  const raft = timeBetween(span, 'Send raft proposal', 'Receive raft result');
  const waiting = raft === undefined ? '' : ` (raft ${formatDuration(raft)})`;
  const short: Label = waiting === '' ? [name] : [`${name}${waiting}`, name];
  return key === undefined ? short : [`${name} ${key}${waiting}`, ...short];
}
