import { readMessage } from './table.ts';

/** Why some of the nodes do not take the pod. */
export interface SchedulingCause {
  /** How many nodes; null where the scheduler counts none, because it turned the pod away before it looked at nodes. */
  readonly nodes: number | null;
  readonly text: string;
}

export interface SchedulingFailure {
  /** All nodes that the scheduler knows; null for a message of another form. */
  readonly nodes: number | null;
  readonly causes: readonly SchedulingCause[];
  /** Message of the PostFilter plugins after the causes, preemption included; undefined without one. */
  readonly afterwards: string | undefined;
  /** The scheduler's message about preemption. */
  readonly preemption: string | undefined;
}

/**
 * Beginnings of what PostFilter plugins say (pkg/scheduler/framework/plugins: defaultpreemption/default_preemption.go,
 * dynamicresources/dynamicresources.go). DynamicResources speaks before DefaultPreemption:
 * `still not schedulable, preemption: …`.
 */
const AFTERWARDS = [
  'preemption: ',
  'pod group preemption: ',
  'plugin disabled',
  'no new claims to deallocate',
  'still not schedulable',
  'deallocation of ',
  'deletion of ',
  'deallocation and deletion of ',
] as const;

const NOTHING = { afterwards: undefined, preemption: undefined };

const HEAD = /^0\/(\d+) nodes? (?:is|are) available(?:: ?|$|\.$)/;

/** Longer ones are not the scheduler's, which has at most a few dozen causes: every cause is tried against every rule. */
const MAX_MESSAGE_LENGTH = 16 * 1024;
const MAX_CAUSES = 64;

/**
 * Reads the scheduler's message (k8s.io/kubernetes pkg/scheduler/framework/types.go, FitError.Error):
 * `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s). preemption: …`.
 *
 * A cause may hold commas and numbers: the text of an extender. A comma and a number begin a new cause when the number can
 * be a count of nodes, and when what follows is in order (the scheduler sorts the causes as text) or known.
 */
export function parseSchedulingMessage(message: string): SchedulingFailure {
  const head = message.length > MAX_MESSAGE_LENGTH ? null : HEAD.exec(message);
  if (head === null) return { nodes: null, causes: [{ nodes: null, text: message }], ...NOTHING };
  const nodes = Number(head[1]);
  const rest = message.slice(head[0].length).trimStart();
  const index = postFilterAt(rest);
  const reasons = rest.slice(0, index).trimEnd().replace(/\.$/, '');
  const afterwards = rest.slice(index).trim().replace(/\.$/, '').trim();
  if (afterwards === '') return { nodes, causes: causesOf(reasons, nodes), ...NOTHING };
  const preemption = /(?:^|, )(?:pod group )?preemption: ([^]*)$/.exec(afterwards)?.[1];
  return { nodes, causes: causesOf(reasons, nodes), afterwards, preemption };
}

/** Where the response of the PostFilter plugins begins: at the start, or after the period that ends the causes. */
function postFilterAt(text: string): number {
  const starts = AFTERWARDS.flatMap((word) => {
    if (text.startsWith(word)) return [0];
    const index = text.indexOf(`. ${word}`);
    return index === -1 ? [] : [index + 2];
  });
  return Math.min(text.length, ...starts);
}

function causesOf(text: string, nodes: number): readonly SchedulingCause[] {
  if (text === '') return [];
  if (counted(text, nodes) === undefined) return [{ nodes: null, text }];
  const causes: string[] = [];
  let start = 0;
  for (const { index } of [...text.matchAll(/, (?=\d+ )/g)].slice(0, MAX_CAUSES)) {
    const cause = text.slice(start, index);
    const after = text.slice(index + 2);
    const next = counted(after, nodes);
    if (next === undefined || (after < cause && !startsKnown(next.text))) continue;
    causes.push(cause);
    start = index + 2;
  }
  causes.push(text.slice(start));
  return causes.map((cause) => counted(cause, nodes) ?? { nodes: null, text: cause });
}

function counted(text: string, nodes: number): SchedulingCause | undefined {
  const [, digits = '', words = ''] = /^([1-9]\d*) ([^]+)$/.exec(text) ?? [];
  const count = Number(digits);
  return words === '' || count > nodes ? undefined : { nodes: count, text: words };
}

/** Whether a message of the scheduler ends at one of the following commas. */
const startsKnown = (text: string): boolean =>
  [...text.matchAll(/, (?=\d+ )|$/g)]
    .slice(0, MAX_CAUSES)
    .some(({ index }) => readMessage(text.slice(0, index)) !== undefined);
