/** A query with a bounded result that may explain why no node takes a pod. */
export type SchedulingQuery =
  /** All nodes: their labels, what they have, and whether they are cordoned. */
  | { readonly kind: 'nodes' }
  /** Pods that have a node, of all namespaces: on one node, in the pod's own namespace, with labels (as of `kubectl -l`). */
  | { readonly kind: 'pods'; readonly node?: string; readonly isLocal?: boolean; readonly labels?: string }
  /** The pod's PersistentVolumeClaims, with their warnings. */
  | { readonly kind: 'claims' };
