import { counted } from '../../../format/counted.ts';
import { shell } from '../../../format/shell-command.ts';
import { nanos } from '../../../trace/time.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { httpStatus } from '../../attributes.ts';
import { formatDuration } from '../../wording/duration.ts';
import type { Evidence } from '../trace-index.ts';
import type { Finder } from '../finding.ts';
import { nameOrUID } from '../../wording/name-or-uid.ts';

/** The API server refused a request because too many were under way, and asked to come back later (429). */
export const throttled: Finder = (evidence) => {
  const [first, ...others] = evidence.trace.spans.filter(
    (span) => span.source === 'client' && span.span.kind === 'client' && statusOf(evidence, span) === 429,
  );
  if (first === undefined) return [];
  const spans = [first, ...others] as const;
  const time = nanos(spans.reduce((sum, span) => sum + lostTime(evidence, span), 0));
  const request = evidence.requestOf(first);
  const level = request?.priorityLevel == null ? '' : ` (priority level ${nameOrUID(request.priorityLevel)})`;
  return [
    {
      id: 'throttled',
      severity: 'warning',
      title: `The API server refused ${spans.length === 1 ? 'a request' : counted(spans.length, 'request')} as one too many (429)`,
      detail: `The seats and queues of the request's priority level were full${level}; ${formatDuration(time)} were lost.`,
      hint: 'See who takes the seats, and try again later.',
      command: shell`kubectl get --raw /debug/api_priority_and_fairness/dump_priority_levels`,
      nanos: time,
      share: Math.min(1, evidence.trace.duration === 0 ? 0 : time / evidence.trace.duration),
      spans,
    },
  ];
};

const statusOf = (evidence: Evidence, span: PlacedSpan): number | null =>
  evidence.requestOf(span)?.status ?? httpStatus(span.span) ?? null;

/** The refused request, and the waiting until the next one. */
function lostTime(evidence: Evidence, span: PlacedSpan): number {
  const end = span.offset + span.duration;
  const next = span.parent?.children.find((other) => other.span.kind === 'client' && other.offset >= end);
  const waiting =
    next === undefined || span.parent === undefined ? 0 : evidence.ownTimeWithin(span.parent, end, next.offset);
  return evidence.criticalTime(span) + waiting;
}
