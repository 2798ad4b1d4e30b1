import { counted } from '../../../format/counted.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { textAttribute } from '../../attributes.ts';
import { requestKind } from '../../rows/repeated-requests.ts';
import { defineTimeFinding } from '../define-finding.ts';
import { atLeast, LIMITS } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';
import { areManyReads, requestGroups, urlOf } from './request-groups.ts';

/** Objects of one type were read one by one where a single list would have returned them (the "N+1" of databases). */
export const nPlusOne = defineTimeFinding({
  id: 'n-plus-one',
  threshold: atLeast(50, 10),
  title: ({ objects, resource }) => `reading ${objects} ${resource} one by one`,
  detail: ({ parts, resource, listed }) => [
    `${counted(parts.length, 'GET')} of one object each, one after the other.`,
    listed ? `The ${resource} had been listed already; that list contains all of them.` : undefined,
  ],
  hint: ({ resource }) => `One list of ${resource}, with a selector, returns them in one response.`,
  command: null,
  find,
});

function find(index: TraceIndex) {
  const groups = requestGroups(index, requestKind);
  return [...groups.values()].filter(areManyReads).flatMap((group) => {
    const [first] = group;
    const objects = new Set(group.map(urlOf)).size;
    if (first === undefined || objects < LIMITS.minRepeated || !readsOneObject(first)) return [];
    return [
      {
        objects,
        resource: attribute(first, 'resource') ?? 'objects',
        listed: groups.has(listKind(first)),
        parts: group.map((span) => ({ span, nanos: index.criticalTime(span) })),
      },
    ];
  });
}

const attribute = ({ span }: PlacedSpan, part: string): string | undefined =>
  textAttribute(span.attributes, `k8s.request.${part}`);

const readsOneObject = (span: PlacedSpan): boolean =>
  attribute(span, 'name') !== undefined && attribute(span, 'subresource') === undefined;

/** The kind of the request that lists the objects of which this request reads one. */
const listKind = (span: PlacedSpan): string => (requestKind(span) ?? '').replace(/ one$/, ' all');
