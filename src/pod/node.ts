import { instantOf, objectOf, textOf, type Instant } from './fields.ts';
import { conditionsOf, type Condition } from './objects.ts';

/** The node of a pod, and when its kubelet was last heard of. */
export interface NodeObject {
  readonly name: string;
  readonly ready: Condition | undefined;
  /** The kubelet renews its lease every 10 s (KEP-589); undefined when it could not be read. */
  readonly renewedAt: Instant | undefined;
}

/** Undefined when the node could not be read. */
export function nodeOf(node: unknown, lease: unknown): NodeObject | undefined {
  const name = textOf(objectOf(objectOf(node)['metadata'])['name']);
  if (name === undefined) return undefined;
  return {
    name,
    ready: conditionsOf(objectOf(objectOf(node)['status'])).get('Ready'),
    renewedAt: instantOf(objectOf(objectOf(lease)['spec'])['renewTime']),
  };
}
