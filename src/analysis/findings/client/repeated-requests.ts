import { counted } from '../../../format/counted.ts';
import { textAttribute } from '../../attributes.ts';
import { requestKind } from '../../rows/repeated-requests.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { conclude } from '../conclude.ts';
import type { Evidence } from '../trace-index.ts';
import type { Finder, Finding } from '../finding.ts';
import { LIMITS } from '../thresholds.ts';

/** The same was asked again and again: all but the first of the answers could have been kept. */
export const repeatedRequests: Finder = (evidence) =>
  [...groups(evidence, ({ span }) => `${span.name} ${textAttribute(span.attributes, 'url.full')}`).values()].flatMap(
    (same) => (isRead(same) ? repeated(evidence, same) : []),
  );

function repeated(evidence: Evidence, same: readonly PlacedSpan[]): readonly Finding[] {
  const [, ...others] = same;
  return conclude(evidence, {
    id: 'repeated-requests',
    parts: others.map((span) => ({ span, nanos: evidence.criticalTime(span) })),
    was: `asking ${counted(others.length, 'time')} more for what had been answered: GET ${pathOf(same)}`,
    detail: [`${counted(same.length, 'request is', 'requests are')} identical: method, path and query.`],
    hint: 'Keep the answer, or watch for changes: an informer asks once.',
    command: null,
  });
}

/** Objects of one type were asked for one by one, where one list would have had them all (the "N+1" of databases). */
export const nPlusOne: Finder = (evidence) =>
  [...groups(evidence, requestKind).values()].flatMap((alike) => {
    const [first] = alike;
    const names = new Set(alike.map(({ span }) => textAttribute(span.attributes, 'url.full')));
    if (first === undefined || !isRead(alike) || names.size < LIMITS.fewestRepeated || !isOfOne(first)) return [];
    return oneByOne(evidence, alike, names.size);
  });

function oneByOne(evidence: Evidence, alike: readonly PlacedSpan[], objects: number): readonly Finding[] {
  const [first] = alike as readonly [PlacedSpan, ...PlacedSpan[]];
  const resource = attribute(first, 'resource') ?? 'objects';
  const listed = groups(evidence, requestKind).has(listKind(first));
  return conclude(evidence, {
    id: 'n-plus-one',
    parts: alike.map((span) => ({ span, nanos: evidence.criticalTime(span) })),
    was: `asking for ${objects} ${resource} one by one`,
    detail: [
      `${counted(alike.length, 'GET')} of one object each, one after the other.`,
      listed ? `The ${resource} had been listed: the list has all of them.` : undefined,
    ],
    hint: `One list of ${resource}, with a selector, has them in one answer.`,
    command: null,
  });
}

/** Requests of the client by what makes them alike; those of a connection of their own, as watches are, stand for nothing. */
function groups(
  evidence: Evidence,
  of: (span: PlacedSpan) => string | undefined,
): ReadonlyMap<string, readonly PlacedSpan[]> {
  const clients = evidence.trace.spans.filter(({ source, span }) => source === 'client' && span.kind === 'client');
  const all = Map.groupBy(clients, (span) => of(span) ?? '');
  return new Map([...all].filter(([key]) => key !== ''));
}

const isRead = (alike: readonly PlacedSpan[]): boolean =>
  alike.length >= LIMITS.fewestRepeated && alike.every(({ span }) => span.name === 'GET');

const attribute = ({ span }: PlacedSpan, part: string): string | undefined =>
  textAttribute(span.attributes, `k8s.request.${part}`);

const isOfOne = (span: PlacedSpan): boolean =>
  attribute(span, 'name') !== undefined && attribute(span, 'subresource') === undefined;

/** The kind of the request that lists what this one asks one of. */
const listKind = (one: PlacedSpan): string => (requestKind(one) ?? '').replace(/ one$/, ' all');

function pathOf([first]: readonly PlacedSpan[]): string {
  const url = first === undefined ? '' : (textAttribute(first.span.attributes, 'url.full') ?? '');
  return /^[^/]*\/\/[^/]*(.*)$/s.exec(url)?.[1] ?? url;
}
