import { shell } from '../../../format/shell-command.ts';
import { nanos } from '../../../trace/time.ts';
import { nameOrUID } from '../../wording/name-or-uid.ts';
import { defineTimeFinding, type Part } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';

/**
 * Since 1.34 each filter's span covers all that follows it. The time between the start of `priorityandfairness` and the
 * start of `authorization` was spent in a queue (k8s.io/apiserver pkg/server/config.go).
 */
export const priorityQueueing = defineTimeFinding({
  id: 'priority-queueing',
  threshold: atLeast(50, 10),
  title: 'waiting in a queue of API Priority and Fairness',
  detail: ({ names }) =>
    `Other requests held all seats of the request's priority level${names.length === 0 ? '' : ` (${names.join(', ')})`}.`,
  hint: 'Find out which clients hold the seats. Give the level more nominalConcurrencyShares, or move some users to a separate FlowSchema and level.',
  command: shell`kubectl get --raw /debug/api_priority_and_fairness/dump_priority_levels`,
  find,
});

function find(index: TraceIndex) {
  const parts = index.named('apiserver', 'priorityandfairness').map((span): Part => {
    // Metrics show the filter without what follows it.
    if (span.source === 'metric') return { span, nanos: index.criticalTime(span) };
    const next = span.children.find((child) => child.span.name === 'authorization');
    const end = next?.offset ?? span.offset + span.duration;
    return {
      span,
      nanos:
        next === undefined && span.children.length > 0 ? nanos(0) : index.criticalTimeWithin(span, span.offset, end),
    };
  });
  const longest = parts.toSorted((a, b) => b.nanos - a.nanos)[0];
  const request = longest === undefined ? undefined : index.requestOf(longest.span);
  const names = [
    request?.priorityLevel == null ? undefined : `priority level ${nameOrUID(request.priorityLevel)}`,
    request?.flowSchema == null ? undefined : `flow schema ${nameOrUID(request.flowSchema)}`,
  ].filter((name) => name !== undefined);
  return [{ names, parts }];
}
