import { noPart, shell, shellPart } from '../../format/shell-command.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Cause } from '../verdict.ts';
import { argument, podsListed } from './words.ts';

/**
 * Preemption is under way: the scheduler has ended pods of lower priority on the nominated node, and the pod waits until
 * they have left (pkg/scheduler/framework/plugins/defaultpreemption, PodEligibleToPreemptOthers). It is not bound to
 * that node, and may start on another one that has room earlier.
 */
export function preempting(cause: Cause, { pod, scheduling }: PodSnapshot): Cause {
  const node = pod.demand.nominatedNode;
  const victims = scheduling?.pods?.filter((neighbor) => neighbor.isDeleted && neighbor.node === node) ?? [];
  const named = node === undefined ? 'the nominated node' : `node ${node}`;
  const who = victims.length === 0 ? 'the pods there' : podsListed(victims, pod.namespace);
  const fits = cause.message.replace(/; preemption: [^]*$/, '');
  return {
    ...cause,
    // The preempted pods have their grace period to leave in.
    proven: false,
    message: `preemption is in progress: waiting for ${who} to terminate${victims.length === 0 ? ` on ${named}` : ''} (${fits})`,
    waitingFor: { kind: 'node', name: node ?? 'the nominated node' },
    owner: 'kubelet',
    who: `the kubelet of ${named}: it terminates the preempted pods within their grace period`,
    next: [
      {
        command: shell`kubectl get pods -A -o wide${node === undefined || argument(node) === undefined ? noPart : shellPart` --field-selector spec.nodeName=${node}`}`,
        when: 'to see which pods are terminating',
      },
      ...cause.next,
    ],
    queries: node === undefined ? [] : [{ kind: 'pods', node }],
  };
}
