import { shell } from '../../format/shell-command.ts';
import type { Container } from '../containers.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { NextStep } from '../verdict.ts';
import { inNamespace } from './evidence.ts';
import { memoryStep } from './template-step.ts';

/** How to give a container that ran out of memory more of it, by what made its pod. */
export const moreMemory = (container: Container, snapshot: PodSnapshot): NextStep[] =>
  snapshot.pod.owners.length === 0
    ? [recreate(snapshot), ...resize(container, snapshot)]
    : [memoryStep(container, snapshot)];

/** A pod's resources are immutable but for the subresource resize (pkg/apis/core/validation, ValidatePodUpdate). */
const recreate = (snapshot: PodSnapshot): NextStep => ({
  command: shell`kubectl replace --force -f FILE${inNamespace(snapshot)}`,
  when: "to recreate it with a higher limit, when its manifest's limit is too low",
});

/**
 * In place (KEP-1287), for a pod that is not over. The QoS class must stay: a limit can be raised and not added, and a
 * request that equals it goes with it.
 */
function resize({ name, memoryLimit, memoryRequest }: Container, snapshot: PodSnapshot): NextStep[] {
  const { pod } = snapshot;
  if (pod.phase === 'Failed' || pod.phase === 'Succeeded' || memoryLimit === undefined) return [];
  const memory = { memory: 'SIZE' };
  const resources = { ...(memoryRequest === memoryLimit && { requests: memory }), limits: memory };
  const patch = JSON.stringify({ spec: { containers: [{ name, resources }] } });
  return [
    {
      command: shell`kubectl patch pod ${pod.name}${inNamespace(snapshot)} --subresource resize -p ${patch}`,
      when: 'or to raise it in place, with Kubernetes 1.33 or later',
    },
  ];
}
