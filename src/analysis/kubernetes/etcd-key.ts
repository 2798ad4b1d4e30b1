/** An object, or all objects of a kind, by its key in etcd. */
export interface EtcdKey {
  /** Null for the kinds of Kubernetes itself, whose keys have none. */
  readonly group: string | null;
  readonly resource: string;
  readonly namespace: string | null;
  /** Null for a list. */
  readonly name: string | null;
}

/** Resources whose keys have another word (kubernetes pkg/registry/…/storage, and their storage prefixes). */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  'services/specs': 'services',
  'services/endpoints': 'endpoints',
  minions: 'nodes',
  controllers: 'replicationcontrollers',
  ranges: 'ranges',
};

/** Resources of Kubernetes that have no namespace: what follows is the name. */
const CLUSTER_WIDE = new Set([
  'apiservices',
  'certificatesigningrequests',
  'clusterrolebindings',
  'clusterroles',
  'csidrivers',
  'csinodes',
  'customresourcedefinitions',
  'deviceclasses',
  'flowschemas',
  'ingressclasses',
  'mutatingwebhookconfigurations',
  'namespaces',
  'nodes',
  'persistentvolumes',
  'priorityclasses',
  'prioritylevelconfigurations',
  'ranges',
  'resourceslices',
  'runtimeclasses',
  'storageclasses',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'validatingwebhookconfigurations',
  'volumeattachments',
]);

/**
 * Object that an API server's key in etcd is of: `/registry/pods/default/web`, `/registry/example.com/widgets/default/one`. A
 * list's key ends with a slash. The prefix is the server's --etcd-prefix; in its own spans the key has none
 * (`isRelative`). Undefined for a key of another shape.
 */
export function readEtcdKey(key: string, isRelative = false): EtcdKey | undefined {
  if (!key.startsWith('/')) return undefined;
  const parts = key.split('/').slice(isRelative ? 1 : 2);
  if (parts.length === 0) return undefined;
  // Only groups have a dot: the kinds of Kubernetes are stored under their plural alone.
  const group = parts[0]?.includes('.') === true ? (parts.shift() ?? null) : null;
  const two = parts.slice(0, 2).join('/');
  const word = Object.hasOwn(OTHER_WORDS, two) ? two : (parts[0] ?? '');
  const resource = OTHER_WORDS[word] ?? word;
  if (!/^[a-z0-9]+$/.test(resource)) return undefined;
  const rest = parts.slice(word.split('/').length).filter((part) => part !== '');
  const isList = key.endsWith('/') || rest.length === 0;
  if (CLUSTER_WIDE.has(resource)) return { group, resource, namespace: null, name: rest.join('/') || null };
  if (isList) return { group, resource, namespace: rest[0] ?? null, name: null };
  // The name of an object of a group that has no namespace looks like that of one: a single word.
  if (rest.length === 1) return { group, resource, namespace: null, name: rest[0] ?? null };
  return { group, resource, namespace: rest[0] ?? null, name: rest.slice(1).join('/') };
}

/** `pods web in default`, `all pods in default`, `widgets.example.com one`. */
export function etcdKeyWords({ group, resource, namespace, name }: EtcdKey): string {
  const kind = group === null ? resource : `${resource}.${group}`;
  const where = namespace === null ? '' : ` in ${namespace}`;
  return name === null ? `all ${kind}${where}` : `${kind} ${name}${where}`;
}
