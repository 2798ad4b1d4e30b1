import { hasEnded } from './ended.ts';
import { compareText, joinAttributes, sameSpan, valueText } from './span-content.ts';
import type { Resource, Span, SpanEvent, Status } from './span.ts';

/**
 * Merges two versions of a span: backends return parts of a span that is still being written, exporters send one again,
 * and APIs have microseconds where others have nanoseconds. One that has ended counts more than one that has not. A
 * field that only one has is taken from it; where both differ, a fixed order decides. So the result does not depend on
 * which came first, nor on how often. `one` where the other adds nothing.
 */
export function mergeVersions(one: Span, other: Span): Span {
  if (one === other || sameSpan(one, other)) return one;
  const times = compareTimes(one, other) >= 0 ? one : other;
  const merged: Span = {
    traceID: one.traceID,
    spanID: one.spanID,
    ...optional('parentSpanID', greater(one.parentSpanID, other.parentSpanID)),
    name: (compareName(one, other) >= 0 ? one : other).name,
    kind: one.kind === 'unspecified' ? other.kind : one.kind,
    start: times.start,
    end: times.end,
    status: compareStatus(one.status, other.status) >= 0 ? one.status : other.status,
    attributes: joinAttributes(one.attributes, other.attributes),
    events: joinEvents(one.events, other.events),
    links: longer(one.links, other.links, ({ traceID, spanID, attributes }) => [traceID, spanID, attributes]),
    resource: compareResource(one.resource, other.resource) >= 0 ? one.resource : other.resource,
    ...optional('scope', compareText(scopeText(one), scopeText(other)) >= 0 ? one.scope : other.scope),
  };
  return sameSpan(merged, one) ? one : sameSpan(merged, other) ? other : merged;
}

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: V };

/** The longer one says more; else the later in order, microseconds being cut off downwards. */
const compareLength = (one: string, other: string): number => one.length - other.length || compareText(one, other);

const greater = <T extends string>(one: T | undefined, other: T | undefined): T | undefined =>
  one === undefined || (other !== undefined && compareLength(other, one) > 0) ? other : one;

const compareTimes = (one: Span, other: Span): number =>
  Number(hasEnded(one)) - Number(hasEnded(other)) ||
  compareBigint(one.end, other.end) ||
  compareBigint(one.start, other.start);

/** That of the version whose times count, where it has one. */
const compareName = (one: Span, other: Span): number =>
  Number(one.name !== '') - Number(other.name !== '') ||
  compareTimes(one, other) ||
  compareLength(one.name, other.name);

const compareBigint = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0);

const CODES = ['unset', 'ok', 'error'];
const compareStatus = (one: Status, other: Status): number =>
  CODES.indexOf(one.code) - CODES.indexOf(other.code) || compareLength(one.message ?? '', other.message ?? '');

const scopeText = ({ scope }: Span): string => (scope === undefined ? '' : `${scope.name}\0${scope.version ?? ''}`);

function compareResource(one: Resource, other: Resource): number {
  if (one === other) return 0;
  const [mine, others] = [one, other].map(({ attributes }) => Object.keys(attributes).length) as [number, number];
  return mine - others || compareText(valueText(one.attributes), valueText(other.attributes));
}

/** The longer list; of equally long ones the later in order. */
function longer<T>(
  one: readonly T[],
  other: readonly T[],
  content: (element: T) => Parameters<typeof valueText>[0],
): readonly T[] {
  if (one.length !== other.length) return one.length > other.length ? one : other;
  const texts = [one, other].map((list) => list.map((element) => valueText(content(element))).join());
  return compareText(texts[0] as string, texts[1] as string) >= 0 ? one : other;
}

/**
 * Events of both. Those of one name in one microsecond are the same, which one version has with more digits or more
 * attributes; where a version has several, the one with more of them is taken.
 */
function joinEvents(one: readonly SpanEvent[], other: readonly SpanEvent[]): readonly SpanEvent[] {
  const keyOf = ({ time, name }: SpanEvent): string => `${time / 1000n} ${name}`;
  const [mine, others] = [Map.groupBy(inOrder(one), keyOf), Map.groupBy(inOrder(other), keyOf)];
  const events = [...new Set([...mine.keys(), ...others.keys()])].flatMap((key) => {
    const [some = [], more = []] = [mine.get(key), others.get(key)];
    const [first, twin] = [some[0], more[0]];
    if (first === undefined || twin === undefined || some.length + more.length > 2) {
      return longer(some, more, ({ time, name, attributes }) => [time, name, attributes]);
    }
    const time = first.time > twin.time ? first.time : twin.time;
    return [{ time, name: first.name, attributes: joinAttributes(first.attributes, twin.attributes) }];
  });
  return inOrder(events);
}

const inOrder = (events: readonly SpanEvent[]): readonly SpanEvent[] =>
  events.toSorted(
    (a, b) =>
      compareBigint(a.time, b.time) ||
      compareText(a.name, b.name) ||
      compareText(valueText(a.attributes), valueText(b.attributes)),
  );
