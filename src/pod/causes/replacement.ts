import { shell, type ShellPart } from '../../format/shell-command.ts';
import type { PodObject } from '../objects.ts';
import type { NextStep } from '../verdict.ts';

/** A pod that is over stays over: only its owner makes another one, under the owner's rules. */
export function replacementWords({ owners, restartPolicy }: PodObject): string {
  const [owner] = owners;
  if (owner === undefined) return 'nothing owns this pod, so nothing makes another one';
  const { kind, name } = owner;
  if (kind === 'Node') return `the kubelet of node ${name} makes it again from its static manifest`;
  if (kind === 'Job') {
    return restartPolicy === 'Never' || restartPolicy === 'OnFailure'
      ? `Job ${name} makes another pod as long as its backoffLimit and its podFailurePolicy allow it`
      : `Job ${name} decides whether to make another pod`;
  }
  return `${kind} ${name} makes another pod`;
}

/** Whether the owner has made another one, or how to do so by hand. */
export function replacementStep({ owners, name }: PodObject, inNamespace: ShellPart): NextStep {
  const [owner] = owners;
  if (owner === undefined || owner.kind === 'Node') {
    return { command: shell`kubectl delete pod ${name}${inNamespace}`, when: 'then create it again' };
  }
  return {
    command: shell`kubectl get ${owner.kind.toLowerCase()} ${owner.name}${inNamespace}`,
    when: 'does it have another pod?',
  };
}
