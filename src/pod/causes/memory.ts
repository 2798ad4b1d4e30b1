import type { Container } from '../containers.ts';
import type { PodFacts } from '../facts.ts';
import type { NextStep } from '../verdict.ts';
import { describe, inNamespace } from './evidence.ts';

/** Kinds whose template `kubectl set resources` can change; that of a Job is immutable (pkg/apis/batch/validation). */
const SETTABLE: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'CronJob',
]);

/** How to give a container that ran out of memory more of it, by what made its pod. */
export function moreMemory(container: Container, facts: PodFacts): NextStep[] {
  const { pod, owners } = facts;
  if (pod.owners.length === 0) return [recreate(facts), ...resize(container, facts)];
  const owner = owners.at(-1);
  if (owner === undefined) return [describe(facts)];
  const target = `${owner.kind.toLowerCase()}/${owner.name}`;
  const where = inNamespace(facts);
  if (SETTABLE.has(owner.kind)) {
    const command = `kubectl set resources ${target} -c ${container.name} --limits=memory=SIZE${where}`;
    return [{ command, when: 'if the limit is too low' }];
  }
  const command = `kubectl get ${target} -o yaml${where}`;
  return [{ command, when: 'for its template, which cannot be changed: create it again with a higher limit' }];
}

/** A pod's resources are immutable but for the subresource resize (pkg/apis/core/validation, ValidatePodUpdate). */
const recreate = (facts: PodFacts): NextStep => ({
  command: `kubectl replace --force -f FILE${inNamespace(facts)}`,
  when: "to recreate it with a higher limit, when its manifest's limit is too low",
});

/**
 * In place (KEP-1287), for a pod that is not over. The QoS class must stay: a limit can be raised and not added, and a
 * request that equals it goes with it.
 */
function resize({ name, memoryLimit, memoryRequest }: Container, facts: PodFacts): NextStep[] {
  const { pod } = facts;
  if (pod.phase === 'Failed' || pod.phase === 'Succeeded' || memoryLimit === undefined) return [];
  const memory = { memory: 'SIZE' };
  const resources = { ...(memoryRequest === memoryLimit && { requests: memory }), limits: memory };
  const patch = JSON.stringify({ spec: { containers: [{ name, resources }] } });
  return [
    {
      command: `kubectl patch pod ${pod.name}${inNamespace(facts)} --subresource resize -p '${patch}'`,
      when: 'or to raise it in place, with Kubernetes 1.33 or later',
    },
  ];
}
