import { shell } from '../../../format/shell-command.ts';
import { nanos } from '../../../trace/time.ts';
import { nameOrUID } from '../../wording/name-or-uid.ts';
import { conclude, type Part } from '../conclude.ts';
import type { Finder } from '../finding.ts';

/**
 * Since 1.34 each filter's span covers all that follows it: what lies between the start of `priorityandfairness` and the
 * start of `authorization` was spent in a queue (k8s.io/apiserver pkg/server/config.go).
 */
export const priorityQueueing: Finder = (evidence) => {
  const parts = evidence.named('apiserver', 'priorityandfairness').map((span): Part => {
    const next = span.children.find((child) => child.span.name === 'authorization');
    const end = next?.offset ?? span.offset + span.duration;
    return {
      span,
      nanos:
        next === undefined && span.children.length > 0 ? nanos(0) : evidence.criticalTimeWithin(span, span.offset, end),
    };
  });
  const longest = parts.toSorted((a, b) => b.nanos - a.nanos)[0];
  const request = longest === undefined ? undefined : evidence.requestOf(longest.span);
  const names = [
    request?.priorityLevel == null ? undefined : `priority level ${nameOrUID(request.priorityLevel)}`,
    request?.flowSchema == null ? undefined : `flow schema ${nameOrUID(request.flowSchema)}`,
  ].filter((name) => name !== undefined);
  return conclude(evidence, {
    id: 'priority-queueing',
    parts,
    was: 'waiting in a queue of API Priority and Fairness',
    detail: [
      `All seats of the request's priority level were taken by other requests${names.length === 0 ? '' : ` (${names.join(', ')})`}.`,
    ],
    hint: 'See who takes the seats; give the level more nominalConcurrencyShares, or some of its users a FlowSchema and a level of their own.',
    command: shell`kubectl get --raw /debug/api_priority_and_fairness/dump_priority_levels`,
  });
};
