import { objectOf, textOf } from '../fields.ts';

/** Kinds that `kubectl rollout status` waits for (k8s.io/kubectl, pkg/polymorphichelpers/rollout_status.go). */
const KINDS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** Whether `kubectl rollout status` waits for the object: not where pods are replaced only when they are deleted. */
export function hasRollout(value: unknown): boolean {
  const object = objectOf(value);
  const strategy = objectOf(objectOf(object['spec'])['updateStrategy']);
  return KINDS.has(textOf(object['kind']) ?? '') && strategy['type'] !== 'OnDelete';
}
