import { shell } from '../../format/shell-command.ts';
import type { Container } from '../containers.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
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
export function imageStep({ name }: Container, snapshot: PodSnapshot): NextStep {
  const when = 'if the name is wrong';
  const target = changeable(snapshot);
  // The image of a pod is one of the few fields that may be changed.
  const object = target ?? (snapshot.pod.owners.length === 0 ? `pod/${snapshot.pod.name}` : undefined);
  if (object === undefined) return byHand(snapshot, 'with another image, if the name is wrong');
  return { command: shell`kubectl set image ${object} ${name}=IMAGE${inNamespace(snapshot)}`, when };
}

/** How a container gets more memory. The resources of a pod itself cannot be changed by `kubectl set resources`. */
export function memoryStep({ name }: Container, snapshot: PodSnapshot): NextStep {
  const target = changeable(snapshot);
  if (target === undefined) return byHand(snapshot, 'with a higher limit, if it is too low');
  return {
    command: shell`kubectl set resources ${target} -c ${name} --limits=memory=SIZE${inNamespace(snapshot)}`,
    when: 'if the limit is too low',
  };
}

/** The topmost owner that is known; its name is enough. */
const topmost = ({ owners, pod }: PodSnapshot): Pick<OwnerReference, 'kind' | 'name'> | undefined =>
  owners.at(-1)?.owner ?? owners.at(-1) ?? pod.owners[0];

/** `deployment/web` */
function changeable(snapshot: PodSnapshot): string | undefined {
  const owner = topmost(snapshot);
  return owner !== undefined && CHANGEABLE.has(owner.kind) && !isHidden(snapshot)
    ? `${owner.kind.toLowerCase()}/${owner.name}`
    : undefined;
}

/** A ReplicaSet that may not be read: a Deployment may own it, and would undo its change. */
const isHidden = ({ owners, pod }: PodSnapshot): boolean => owners.length === 0 && pod.owners[0]?.kind === 'ReplicaSet';

function byHand(snapshot: PodSnapshot, how: string): NextStep {
  const { pod } = snapshot;
  if (isHidden(snapshot)) return describe(snapshot);
  const owner = topmost(snapshot);
  if (owner?.kind === 'Node') {
    return {
      command: shell`ls /etc/kubernetes/manifests`,
      when: `on node ${owner.name}: change its static manifest, ${how}`,
    };
  }
  const [kind, name] = owner === undefined ? ['pod', pod.name] : [owner.kind.toLowerCase(), owner.name];
  // A pod template owned by another controller is changed there, in fields that only that controller knows.
  if (owner !== undefined && owner.kind !== 'Job') {
    return { command: shell`kubectl edit ${kind} ${name}${inNamespace(snapshot)}`, when: how };
  }
  return {
    command: shell`kubectl get ${kind}/${name} -o yaml${inNamespace(snapshot)}`,
    when: `to create it again ${how}`,
  };
}
