/** One bounded read that may tell more about a pod that no node takes. */
export type SchedulingLook =
  /** All nodes: their labels, what they have, and whether they are cordoned. */
  | { readonly kind: 'nodes' }
  /** Pods that have a node, of all namespaces: on one node, in the pod's own namespace, with labels (as of `kubectl -l`). */
  | { readonly kind: 'pods'; readonly node?: string; readonly isLocal?: boolean; readonly labels?: string }
  /** The pod's PersistentVolumeClaims, with their warnings. */
  | { readonly kind: 'claims' };
