import { shell } from '../../format/shell-command.ts';
import type { Container } from '../containers.ts';
import type { PodFacts } from '../facts.ts';
import type { OwnerReference } from '../objects.ts';
import type { NextStep } from '../verdict.ts';
import { describe, inNamespace } from './evidence.ts';

/** Kinds whose template kubectl can change in place. A Job's template is immutable (pkg/apis/batch/validation). */
const CHANGEABLE: ReadonlySet<string> = new Set([
  'Deployment',
  'ReplicaSet',
  'ReplicationController',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
]);

/** How another image comes into the pod's template, or into the pod where nothing owns it. */
export function imageStep({ name }: Container, facts: PodFacts): NextStep {
  const when = 'if the name is wrong';
  const target = changeable(facts);
  // The image of a pod is one of the few fields that may be changed.
  const object = target ?? (facts.pod.owners.length === 0 ? `pod/${facts.pod.name}` : undefined);
  if (object === undefined) return byHand(facts, 'with another image, if the name is wrong');
  return { command: shell`kubectl set image ${object} ${name}=IMAGE${inNamespace(facts)}`, when };
}

/** How a container gets more memory. The resources of a pod itself cannot be changed by `kubectl set resources`. */
export function memoryStep({ name }: Container, facts: PodFacts): NextStep {
  const target = changeable(facts);
  if (target === undefined) return byHand(facts, 'with a higher limit, if it is too low');
  return {
    command: shell`kubectl set resources ${target} -c ${name} --limits=memory=SIZE${inNamespace(facts)}`,
    when: 'if the limit is too low',
  };
}

/** The topmost owner that is known; its name is enough. */
const topmost = ({ owners, pod }: PodFacts): Pick<OwnerReference, 'kind' | 'name'> | undefined =>
  owners.at(-1)?.owner ?? owners.at(-1) ?? pod.owners[0];

/** `deployment/web` */
function changeable(facts: PodFacts): string | undefined {
  const owner = topmost(facts);
  return owner !== undefined && CHANGEABLE.has(owner.kind) && !isHidden(facts)
    ? `${owner.kind.toLowerCase()}/${owner.name}`
    : undefined;
}

/** A ReplicaSet that may not be read: a Deployment may own it, and would undo its change. */
const isHidden = ({ owners, pod }: PodFacts): boolean => owners.length === 0 && pod.owners[0]?.kind === 'ReplicaSet';

function byHand(facts: PodFacts, how: string): NextStep {
  const { pod } = facts;
  if (isHidden(facts)) return describe(facts);
  const owner = topmost(facts);
  if (owner?.kind === 'Node') {
    return {
      command: shell`ls /etc/kubernetes/manifests`,
      when: `on node ${owner.name}: change its static manifest, ${how}`,
    };
  }
  const [kind, name] = owner === undefined ? ['pod', pod.name] : [owner.kind.toLowerCase(), owner.name];
  // A pod template owned by another controller is changed there, in fields that only that controller knows.
  if (owner !== undefined && owner.kind !== 'Job') {
    return { command: shell`kubectl edit ${kind} ${name}${inNamespace(facts)}`, when: how };
  }
  return {
    command: shell`kubectl get ${kind}/${name} -o yaml${inNamespace(facts)}`,
    when: `to create it again ${how}`,
  };
}
