/** A span of the API server or of etcd 3.7, known by what does not differ from run to run. */
export interface ExpectedSpan {
  readonly name: string;
  readonly service: 'apiserver' | 'etcd';
  readonly kind: 'internal' | 'server' | 'client';
  /** In no particular order. */
  readonly children: readonly ExpectedSpan[];
}

/** An internal span of the API server. */
export function span(name: string, ...children: ExpectedSpan[]): ExpectedSpan {
  return { name, service: 'apiserver', kind: 'internal', children };
}

/** A call of etcd: the client's span, the server's, and etcd's own for the work (since etcd 3.7). */
export function calls(method: 'Range' | 'Txn'): ExpectedSpan {
  const name = `etcdserverpb.KV/${method}`;
  const work: ExpectedSpan = { ...span(method.toLowerCase()), service: 'etcd' };
  return { ...span(name, { ...span(name, work), service: 'etcd', kind: 'server' }), kind: 'client' };
}

/** One object from etcd, as without a resourceVersion. */
export function read(minor: number): ExpectedSpan {
  if (minor >= 37) return span('Get etcd3', calls('Range'));
  return minor >= 32 ? span('cacher.Get', calls('Range')) : calls('Range');
}

export function listFromCache(minor: number, ...children: ExpectedSpan[]): ExpectedSpan {
  return span(minor >= 32 ? 'cacher.GetList' : 'cacher list', ...children);
}

/**
 * A list without a resourceVersion. Since 1.31 (gate ConsistentListFromCache) the watch cache serves it once it has
 * caught up with etcd, whose revision is requested: by a list of one item until 1.36, which is made inside the cache's
 * span since 1.34.
 */
export function consistentList(minor: number): ExpectedSpan[] {
  if (minor < 31) return [span('List(recursive=true) etcd3', calls('Range'))];
  const revision = minor >= 37 ? calls('Range') : span('List(recursive=false) etcd3', calls('Range'));
  return minor >= 34 ? [listFromCache(minor, revision)] : [revision, listFromCache(minor)];
}

/** An optimistic update starts from the object in the watch cache; a missing object is looked for in etcd first. */
export function guaranteedUpdate(object: 'cached' | 'absent'): ExpectedSpan {
  return span('GuaranteedUpdate etcd3', ...(object === 'absent' ? [calls('Range')] : []), calls('Txn'));
}

/** One line for a tree, the same for any order of children. */
export function canonical({ name, service, kind, children }: ExpectedSpan): string {
  const below = children.map(canonical).sort();
  return `${service} ${kind} ${name}${below.length === 0 ? '' : `(${below.join(', ')})`}`;
}

/**
 * Deletes that the watch cache was behind for have one more call of etcd: the first found that the object was newer
 * (k8s.io/apiserver pkg/storage/etcd3/store.go, conditionalDelete). Whether it was is a matter of milliseconds.
 */
export function withoutRepeats(tree: ExpectedSpan): ExpectedSpan {
  const isTxn = ({ name, kind }: ExpectedSpan): boolean => name === 'etcdserverpb.KV/Txn' && kind === 'client';
  const isRepeated = (child: ExpectedSpan, index: number): boolean =>
    isTxn(child) && tree.children.slice(0, index).some(isTxn);
  const isDeletedAfterUpdate =
    tree.name === 'Delete' && tree.children.some(({ name }) => name.startsWith('Guaranteed'));
  const children = tree.children.filter((child, index) => !(isDeletedAfterUpdate && isRepeated(child, index)));
  return { ...tree, children: children.map(withoutRepeats) };
}
