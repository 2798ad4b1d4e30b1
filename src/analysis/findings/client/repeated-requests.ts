import { counted } from '../../../format/counted.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { defineTimeFinding } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { areManyReads, requestGroups, urlOf } from './request-groups.ts';

/** Identical reads: all but the first response could have come from a cache. */
export const repeatedRequests = defineTimeFinding({
  id: 'repeated-requests',
  threshold: atLeast(50, 10),
  title: ({ path, repeats }) => `repeating a request ${counted(repeats, 'time')}: GET ${path}`,
  detail: ({ repeats }) => `${repeats + 1} requests are identical in method, path and query.`,
  hint: 'Cache the response or use a watch; an informer lists once and then watches.',
  command: null,
  find,
});

function find(index: TraceIndex) {
  const groups = requestGroups(index, (span) => `${span.span.name} ${urlOf(span)}`);
  return [...groups.values()].filter(areManyReads).map(([first, ...others]) => ({
    path: pathOf(first),
    repeats: others.length,
    parts: others.map((span) => ({ span, nanos: index.criticalTime(span) })),
  }));
}

function pathOf(request: PlacedSpan | undefined): string {
  const url = request === undefined ? '' : (urlOf(request) ?? '');
  return /^[^/]*\/\/[^/]*(.*)$/s.exec(url)?.[1] ?? url;
}
