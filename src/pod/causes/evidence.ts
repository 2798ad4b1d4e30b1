import { noPart, shell, shellPart, type ShellPart } from '../../format/shell-command.ts';
import type { APIEvent } from '../events.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Container, ContainerState } from '../containers.ts';
import type { Condition } from '../objects.ts';
import type { Evidence, NextStep } from '../verdict.ts';

/** Messages of servers may be pages long; the whole one is in the object. */
const MAX_LENGTH = 400;

export const shortened = (text: string): string => {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/ for sandbox "[0-9a-f]{64}"/, '')
    .replace(/ in pod \S+\([0-9a-f-]{36}\)/, '')
    .trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
};

/** Every event of a reason as one: how often, from when to when, and what it said last. */
export function eventEvidence(events: readonly APIEvent[]): Evidence[] {
  const last = events.reduce<APIEvent | undefined>(
    (one, other) => (one === undefined || other.last.at >= one.last.at ? other : one),
    undefined,
  );
  const [first] = events;
  if (first === undefined || last === undefined) return [];
  return [
    {
      kind: 'event',
      text: shortened(`${last.reason}: ${last.message}`),
      count: events.reduce((sum, { count }) => sum + count, 0),
      first: first.first.at,
      last: last.last.at,
    },
  ];
}

export const conditionEvidence = ({ type, status, reason, message, changed }: Condition): Evidence => ({
  kind: 'condition',
  text: shortened([`${type}=${status}`, reason, message].filter((word) => word !== undefined).join(' ')),
  ...(changed !== undefined && { first: changed.at }),
});

/** `containerStatuses[c].state.waiting: ImagePullBackOff` */
export const stateEvidence = (container: Container, state: ContainerState, field = 'state'): Evidence => ({
  kind: 'status',
  text: `${container.init ? 'initContainerStatuses' : 'containerStatuses'}[${container.name}].${field}.${state.kind}: ${stateWords(state)}`,
});

function stateWords(state: ContainerState): string {
  if (state.kind === 'running') return 'yes';
  if (state.kind === 'waiting') return state.reason ?? 'no reason';
  return `${state.reason ?? 'no reason'}, exit code ${state.exitCode}`;
}

/** ` -n shop`, where the namespace is not the default one. */
export const inNamespace = ({ pod }: { readonly pod: Pick<PodSnapshot['pod'], 'namespace'> }): ShellPart =>
  pod.namespace === 'default' ? noPart : shellPart` -n ${pod.namespace}`;

export const describe = (snapshot: Pick<PodSnapshot, 'pod'>): NextStep => ({
  command: shell`kubectl describe pod ${snapshot.pod.name}${inNamespace(snapshot)}`,
  when: 'for its status and events',
});

/** Words of programs that give up. */
const ERROR =
  /\b(?:error|fatal|panic|exception|fail(?:ed|ure|s)?|cannot|can't|could not|unable|refused|denied|not found|no such|invalid|missing|required|must)\b|error:|exception:/i;

/**
 * The line of a container's log that says best why it ended: the last one that names an error, else the last one.
 * Undefined without a log.
 */
export function decisiveLine(evidence: readonly Evidence[]): Evidence | undefined {
  const lines = evidence.filter(({ kind }) => kind === 'log');
  return lines.findLast(({ text }) => ERROR.test(text)) ?? lines.at(-1);
}
