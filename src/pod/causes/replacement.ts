import { shell, type ShellPart } from '../../format/shell-command.ts';
import type { PodObject } from '../objects.ts';
import type { NextStep } from '../verdict.ts';

/** A pod that is over stays over: only its owner makes another one, under the owner's rules. */
export function replacementWords({ owners, restartPolicy }: PodObject): string {
  const [owner] = owners;
  if (owner === undefined) return 'no controller owns this pod, so it is not replaced';
  const { kind, name } = owner;
  if (kind === 'Node') return `the kubelet of node ${name} recreates it from its static manifest`;
  if (kind === 'Job') {
    return restartPolicy === 'Never' || restartPolicy === 'OnFailure'
      ? `Job ${name} creates another pod while its backoffLimit and podFailurePolicy allow it`
      : `Job ${name} decides whether to create another pod`;
  }
  return `${kind} ${name} creates another pod`;
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
