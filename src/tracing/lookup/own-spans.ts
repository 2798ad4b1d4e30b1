import type { SpanID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import type { LookupTask } from './task.ts';

/**
 * New spans of the command among those found. Its own spans are left out, which the backend has too where they were
 * exported. In a trace that another client began, only spans below the command's own count.
 */
export function ownPart(
  task: Pick<LookupTask, 'requests' | 'spanID' | 'traceID' | 'parentSpanID'>,
): (found: readonly Span[]) => readonly Span[] {
  const own = new Set<SpanID>(task.requests.map(({ spanID }) => spanID));
  if (task.spanID !== null) own.add(task.spanID);
  // Requests of a command share a trace, and each of them has found all of it.
  const known = new Map<readonly Span[], readonly Span[]>();
  return (found) => {
    let part = known.get(found);
    if (part === undefined) {
      const others = found.filter(
        ({ spanID, traceID, kind }) => traceID !== task.traceID || !own.has(spanID) || kind === 'server',
      );
      part = task.parentSpanID === null ? others : below(others, own, task);
      known.set(found, part);
    }
    return part;
  };
}

/** Spans of the trace that have one of ours above them, and those of other traces. */
function below(spans: readonly Span[], own: ReadonlySet<SpanID>, { traceID }: Pick<LookupTask, 'traceID'>): Span[] {
  const parents = new Map(
    spans.filter((span) => span.traceID === traceID).map((span) => [span.spanID, span.parentSpanID]),
  );
  const verdicts = new Map<SpanID, boolean>();
  const isBelow = (span: Span): boolean => {
    const way: SpanID[] = [];
    let on = span.parentSpanID;
    let verdict = false;
    while (on !== undefined) {
      const before = verdicts.get(on);
      if (before !== undefined || own.has(on)) {
        verdict = before ?? true;
        break;
      }
      // Also the end of a circle.
      verdicts.set(on, false);
      way.push(on);
      on = parents.get(on);
    }
    for (const id of way) verdicts.set(id, verdict);
    return verdict;
  };
  return spans.filter((span) => span.traceID !== traceID || isBelow(span));
}
