import type { Span } from '../../trace/span.ts';
import { numberAttribute, textAttribute } from '../attributes.ts';
import type { Label } from '../waterfall.ts';

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
      const limit = numberAttribute(attributes, 'limit');
      if (begin === undefined) return [name];
      return [`${name} ${begin}${limit !== undefined && limit > 0 ? ` limit ${limit}` : ''}`, name];
    }
    case 'txn': {
      const key = textAttribute(attributes, 'success_first_key', 'compare_first_key');
      return key === undefined ? [name] : [`${name} ${key}`, name];
    }
    case 'put': {
      const key = textAttribute(attributes, 'key');
      return key === undefined ? [name] : [`${name} ${key}`, name];
    }
    default:
      return [name];
  }
}
