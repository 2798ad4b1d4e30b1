import { nanos, type Nanos } from '../../../trace/time.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { numberAttribute, textAttribute } from '../../attributes.ts';
import type { Evidence } from '../trace-index.ts';
import { LIMITS } from '../thresholds.ts';

/** An answer of the API server: its encoding and sending, and the list that it is of. */
export interface Answer {
  /** The span SerializeObject. */
  readonly span: PlacedSpan;
  /** The handler's span, for a list. */
  readonly list: PlacedSpan | undefined;
  /** Before compression; null when nothing tells. */
  readonly bytes: number | null;
  /** In the answer; null when nothing tells. */
  readonly objects: number | null;
  /** A list of many objects that was not asked for in pages. */
  readonly unpaged: boolean;
  /** On the critical path, from the first byte that was written to the last. */
  readonly writing: Nanos;
  /** It was written far slower than an API server writes. */
  readonly slow: boolean;
}

export const answersOf = (evidence: Evidence): readonly Answer[] => evidence.once(allAnswers);

function allAnswers(evidence: Evidence): Answer[] {
  const lists = new Map<PlacedSpan, List | undefined>();
  return evidence.named('apiserver', 'SerializeObject').map((span) => {
    const { parent } = span;
    if (parent === undefined) return answerOf(evidence, span, undefined);
    if (!lists.has(parent)) lists.set(parent, listAt(evidence, parent));
    return answerOf(evidence, span, lists.get(parent));
  });
}

interface List {
  /** The handler's span. */
  readonly span: PlacedSpan;
  readonly objects: number | undefined;
}

function answerOf(evidence: Evidence, span: PlacedSpan, found: List | undefined): Answer {
  const written = span.span.events.findLast(({ name }) => /^Write call (succeeded|failed)$/.test(name));
  const bytes = written === undefined ? undefined : numberAttribute(written.attributes, 'size');
  const start = evidence.eventOffset(span, 'About to start writing response');
  const writing =
    start === undefined || written === undefined
      ? nanos(0)
      : evidence.criticalTimeWithin(span, start, evidence.offsetOf(written.time, span));
  const objects = found?.objects ?? null;
  return {
    span,
    list: found?.span,
    bytes: bytes ?? null,
    objects,
    unpaged: found !== undefined && (objects ?? 0) >= LIMITS.unpagedObjects && isUnpaged(evidence, found.span),
    writing,
    slow: bytes !== undefined && bytes / (writing / 1e9) < LIMITS.slowClientBytesPerSecond,
  };
}

/** Since 1.32 the answer is sent below the handler's span, before beside it. */
function listAt(evidence: Evidence, parent: PlacedSpan): List | undefined {
  const isList = (one: PlacedSpan): boolean => one.span.name === 'List';
  const span = isList(parent) ? parent : parent.children.find(isList);
  return span === undefined ? undefined : { span, objects: objectsOf(evidence, span) };
}

/** The cache's last count is what is left of the list after selectors; before 1.37 the handler counts as well. */
function objectsOf(evidence: Evidence, list: PlacedSpan): number | undefined {
  const counted = [list, ...list.children]
    .flatMap(({ span }) => span.events)
    .findLast(({ name }) => name === 'Filtered items' || name === 'Writing http response done');
  const count = counted === undefined ? undefined : numberAttribute(counted.attributes, 'count');
  return count ?? evidence.requestOf(list)?.objectCount ?? undefined;
}

/** Path and query as they were asked for; undefined when neither client nor server tells. */
export function requestURI(evidence: Evidence, span: PlacedSpan): string | undefined {
  const request = evidence.requestOf(span);
  if (request !== undefined) return request.query === '' ? request.path : `${request.path}?${request.query}`;
  const server = evidence.serverSpanOf(span);
  // The new HTTP conventions have no such attribute; the API server writes it all the same (pkg/endpoints/filters/traces.go).
  return server === undefined ? undefined : textAttribute(server.span.attributes, 'http.target');
}

function isUnpaged(evidence: Evidence, list: PlacedSpan): boolean {
  const uri = requestURI(evidence, list);
  if (uri === undefined) return false;
  const query = new URLSearchParams(uri.split('?')[1] ?? '');
  return Number(query.get('limit') ?? 0) === 0;
}

/** The same request with another query parameter. */
export function withParameter(uri: string | undefined, name: string, value: string): string | undefined {
  if (uri === undefined) return undefined;
  const [path = '', query = ''] = uri.split('?');
  const kept = query.split('&').filter((one) => one !== '' && one.split('=')[0] !== name);
  return `${path}?${[...kept, `${name}=${value}`].join('&')}`;
}
