import { counted } from '../../format/counted.ts';
import { parseSchedulingMessage } from './message.ts';

/** Scheduler's message about making room by ending pods of lower priority, in one clause; undefined without one. */
export interface PreemptionState {
  /** The pods that were ended have not left yet. */
  readonly isUnderWay: boolean;
  readonly words: string;
}

/**
 * Messages of PostFilter plugins: pkg/scheduler/framework/preemption, plugins/defaultpreemption,
 * plugins/dynamicresources.
 */
export const SENTENCES: readonly (readonly [said: string, words: string, isUnderWay?: true])[] = [
  ['No preemption victims found for incoming pod', 'no lower-priority pods whose removal would make room'],
  ['No preemption victims found for incoming preemptor', 'no lower-priority pods whose removal would make room'],
  ['Preemption is not helpful for scheduling', 'removing other pods would not help'],
  ['not eligible due to preemptionPolicy=Never', 'not allowed, its preemptionPolicy is Never'],
  [
    'not eligible due to a terminating pod on the nominated node',
    'in progress, the preempted pods on the nominated node are terminating',
    true,
  ],
  ['waiting for the preemption for this pod to be finished', 'in progress', true],
  ['waiting for the preemption for this pod group to be finished', 'in progress', true],
  ['no candidate node for preemption', 'no node where it would help'],
  ['no candidate selected', 'no node where it would help'],
  ['no nodes available', 'no node where it would help'],
  ['not found', 'the scheduler could not read the pod'],
];

/** With the status Success, since 1.37: pkg/scheduler/framework/preemption/preemption.go, Preempt. */
const PLACEMENT = /^found a potential placement for pod on node (\S+), preempting (\d+) victims\.?$/;

/** Sentences of DynamicResources that come before preemption's; they say no more than the causes do. */
const DEVICES =
  /^(?:(?:plugin disabled|no new claims to deallocate|still not schedulable|All PostFilter plugins are skipped|generic workload feature is disabled, cannot perform PodGroupPostFilter|(?:de)?(?:allocation|letion)(?: and deletion)? of (?:PodGroup )?ResourceClaims? completed)(?:, |$))+/;

/** Whether DynamicResources says it after the causes. */
export const isDeviceSentence = (text: string): boolean => DEVICES.test(text);

/** Undefined when the scheduler says nothing of it, or in words that are not Kubernetes' own. */
export function readPreemption(text: string | undefined): PreemptionState | undefined {
  const [, node, victims] = PLACEMENT.exec(text ?? '') ?? [];
  if (node !== undefined) {
    const words = `in progress, ${counted(Number(victims), 'lower-priority pod')} on node ${node} being removed`;
    return { isUnderWay: true, words };
  }
  const { nodes, causes } = parseSchedulingMessage(text ?? '');
  const known = causes.flatMap(({ nodes: count, text: cause }) => {
    const sentence = SENTENCES.find(([said]) => cause.replace(/\.$/, '') === said);
    if (sentence === undefined) return [];
    const [, words, isUnderWay = false] = sentence;
    return [{ words: count === null || count === nodes ? words : `${words} (${nodesCounted(count)})`, isUnderWay }];
  });
  if (known.length === 0) return undefined;
  return {
    isUnderWay: known.some(({ isUnderWay }) => isUnderWay),
    words: [...new Set(known.map(({ words }) => words))].join('; '),
  };
}

const nodesCounted = (count: number): string => counted(count, 'node');
