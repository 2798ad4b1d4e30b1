/** One bounded read that may tell more about a pod that no node takes. */
export type SchedulingLook =
  /** All nodes: their labels, what they have, and whether they are cordoned. */
  | { readonly kind: 'nodes' }
  /** The pods on all nodes, or on one of them. */
  | { readonly kind: 'pods'; readonly node?: string }
  /** The pod's PersistentVolumeClaims, with their warnings. */
  | { readonly kind: 'claims' };
