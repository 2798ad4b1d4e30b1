import { nanos, type Nanos } from '../../../trace/time.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { numberAttribute, textAttribute } from '../../attributes.ts';
import type { TraceIndex } from '../trace-index.ts';
import { LIMITS } from '../thresholds.ts';

/** A response of the API server: its encoding and sending, and the list that it contains. */
export interface ServerResponse {
  /** The SerializeObject span. */
  readonly span: PlacedSpan;
  /** The handler's span, if the response is a list. */
  readonly list: PlacedSpan | undefined;
  /** Size before compression; null when unknown. */
  readonly bytes: number | null;
  /** Number of objects in the response; null when unknown. */
  readonly objects: number | null;
  /** The response is a list of many objects, requested without paging. */
  readonly unpaged: boolean;
  /** Time on the critical path between the first and the last byte written. */
  readonly writing: Nanos;
  /** It was written much more slowly than an API server can write. */
  readonly slow: boolean;
}

export const responsesOf = (index: TraceIndex): readonly ServerResponse[] => index.once(allResponses);

function allResponses(index: TraceIndex): ServerResponse[] {
  const lists = new Map<PlacedSpan, List | undefined>();
  return index.named('apiserver', 'SerializeObject').map((span) => {
    const { parent } = span;
    if (parent === undefined) return responseOf(index, span, undefined);
    if (!lists.has(parent)) lists.set(parent, listAt(index, parent));
    return responseOf(index, span, lists.get(parent));
  });
}

interface List {
  /** The handler's span. */
  readonly span: PlacedSpan;
  readonly objects: number | undefined;
}

function responseOf(index: TraceIndex, span: PlacedSpan, found: List | undefined): ServerResponse {
  const written = span.span.events.findLast(({ name }) => /^Write call (succeeded|failed)$/.test(name));
  const bytes = written === undefined ? undefined : numberAttribute(written.attributes, 'size');
  const start = index.eventOffset(span, 'About to start writing response');
  const writing =
    start === undefined || written === undefined
      ? nanos(0)
      : index.criticalTimeWithin(span, start, index.offsetOf(written.time, span));
  const objects = found?.objects ?? null;
  return {
    span,
    list: found?.span,
    bytes: bytes ?? null,
    objects,
    unpaged: found !== undefined && (objects ?? 0) >= LIMITS.unpagedObjects && isUnpaged(index, found.span),
    writing,
    slow: bytes !== undefined && bytes / (writing / 1e9) < LIMITS.slowClientBytesPerSecond,
  };
}

/** Since 1.32 the response's span is below the handler's span; before, it is beside it. */
function listAt(index: TraceIndex, parent: PlacedSpan): List | undefined {
  const isList = ({ span: { name } }: PlacedSpan): boolean => name === 'List';
  const span = isList(parent) ? parent : parent.children.find(isList);
  return span === undefined ? undefined : { span, objects: objectsOf(index, span) };
}

/** The cache's last count is the length of the list after selectors; before 1.37 the handler counts as well. */
function objectsOf(index: TraceIndex, list: PlacedSpan): number | undefined {
  const counted = [list, ...list.children]
    .flatMap(({ span }) => span.events)
    .findLast(({ name }) => name === 'Filtered items' || name === 'Writing http response done');
  const count = counted === undefined ? undefined : numberAttribute(counted.attributes, 'count');
  return count ?? index.requestOf(list)?.objectCount ?? undefined;
}

/** Path and query of the request; undefined when neither client nor server reports them. */
export function requestURI(index: TraceIndex, span: PlacedSpan): string | undefined {
  const request = index.requestOf(span);
  if (request !== undefined) return request.query === '' ? request.path : `${request.path}?${request.query}`;
  const server = index.serverSpanOf(span);
  // The new HTTP conventions have no such attribute; the API server writes it anyway (pkg/endpoints/filters/traces.go).
  return server === undefined ? undefined : textAttribute(server.span.attributes, 'http.target');
}

function isUnpaged(index: TraceIndex, list: PlacedSpan): boolean {
  const uri = requestURI(index, list);
  if (uri === undefined) return false;
  const query = new URLSearchParams(uri.split('?')[1] ?? '');
  return Number(query.get('limit') ?? 0) === 0;
}

/** The same request with another query parameter. */
export function withParameter(uri: string | undefined, name: string, value: string): string | undefined {
  if (uri === undefined) return undefined;
  const [path = '', query = ''] = uri.split('?');
  const others = query.split('&').filter((pair) => pair !== '' && pair.split('=')[0] !== name);
  return `${path}?${[...others, `${name}=${value}`].join('&')}`;
}
