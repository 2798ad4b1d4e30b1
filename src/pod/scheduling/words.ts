import { shell, type ShellPart } from '../../format/shell-command.ts';
import { inNamespace } from '../causes/evidence.ts';
import type { NextStep } from '../verdict.ts';
import type { Neighbor } from './neighbors.ts';
import type { SchedulingView } from './rule.ts';

/** The administrator in the words of the report. */
export const NODE_ADMIN = "the cluster's administrator";

/** `a, b, c and 2 more` */
export function listed(names: readonly string[], most = 3): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(', ')} and ${rest} more` : names.join(', ');
}

/** `db-0 on wk-1, shop/db-1 on wk-2`: with the namespace where it is another one. */
export const podsListed = (pods: readonly Neighbor[], namespace: string): string =>
  listed(pods.map((pod) => `${podName(pod, namespace)} on ${pod.node ?? ''}`));

export const podName = (pod: Neighbor, namespace: string): string =>
  pod.namespace === namespace ? pod.name : `${pod.namespace}/${pod.name}`;

/** A name of a message, which may hold any text: undefined for what is no name of Kubernetes, and so of no object. */
export const argument = (name: string): string | undefined =>
  /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/.test(name) ? name : undefined;

export const flag = ({ snapshot }: SchedulingView): ShellPart => inNamespace(snapshot);

export function describeStep(kind: string, name: string, view: SchedulingView, when: string): NextStep {
  const known = argument(name);
  return known === undefined
    ? { command: shell`kubectl get ${kind}${flag(view)}`, when }
    : { command: shell`kubectl describe ${kind} ${known}${flag(view)}`, when };
}

export const nodesStep: NextStep = { command: shell`kubectl describe nodes`, when: 'to see what is allocated' };

export const labelsStep: NextStep = { command: shell`kubectl get nodes --show-labels`, when: 'to see the labels' };
