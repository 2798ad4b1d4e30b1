import { counted } from '../../../format/counted.ts';
import { shell } from '../../../format/shell-command.ts';
import { nanos } from '../../../trace/time.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { httpStatus } from '../../attributes.ts';
import { formatDuration } from '../../wording/duration.ts';
import { nameOrUID } from '../../wording/name-or-uid.ts';
import { defineFinding, type FoundSpans } from '../define-finding.ts';
import { ALWAYS } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';

/** The API server rejected a request because too many were in progress. The client was to retry later (429). */
export const throttled = defineFinding({
  id: 'throttled',
  threshold: ALWAYS,
  severity: 'warning',
  title: ({ spans }) =>
    `The API server throttled ${spans.length === 1 ? 'a request' : counted(spans.length, 'request')} (429 Too Many Requests)`,
  detail: ({ priorityLevel, nanos: time }) => {
    const level = priorityLevel === undefined ? '' : ` (priority level ${nameOrUID(priorityLevel)})`;
    return `The seats and queues of the request's priority level were full${level}; this cost ${formatDuration(time)}.`;
  },
  hint: 'Find out which clients hold the seats, and retry later.',
  command: shell`kubectl get --raw /debug/api_priority_and_fairness/dump_priority_levels`,
  find,
});

interface Throttled extends FoundSpans {
  readonly priorityLevel: string | undefined;
}

function find(index: TraceIndex): readonly Throttled[] {
  const [first, ...others] = index.trace.spans.filter(
    (span) => span.source === 'client' && span.span.kind === 'client' && statusOf(index, span) === 429,
  );
  if (first === undefined) return [];
  const spans = [first, ...others] as const;
  return [
    {
      spans,
      nanos: nanos(spans.reduce((sum, span) => sum + lostTime(index, span), 0)),
      priorityLevel: index.requestOf(first)?.priorityLevel ?? undefined,
    },
  ];
}

const statusOf = (index: TraceIndex, span: PlacedSpan): number | null =>
  index.requestOf(span)?.status ?? httpStatus(span.span) ?? null;

/** Time of the rejected request, and of the wait until the next one. */
function lostTime(index: TraceIndex, span: PlacedSpan): number {
  const end = span.offset + span.duration;
  const next = span.parent?.children.find((other) => other.span.kind === 'client' && other.offset >= end);
  const waiting =
    next === undefined || span.parent === undefined ? 0 : index.ownTimeWithin(span.parent, end, next.offset);
  return index.criticalTime(span) + waiting;
}
