import type { Nanos } from '../../trace/time.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import { httpStatus } from '../attributes.ts';

/**
 * The API server's filters with spans of their own (k8s.io/apiserver pkg/server/config.go, DefaultBuildHandlerChain).
 * Since 1.34 each covers all that follows it: audit ⊃ impersonation ⊃ priorityandfairness ⊃ authorization ⊃ handler.
 * Drawn as they are they would be four rows of the same length; a filter's own cost is its self time.
 */
const FILTERS: ReadonlyMap<string, string> = new Map([
  ['authentication', 'authn'],
  ['audit', 'audit'],
  ['impersonation', 'impersonation'],
  ['constrainedimpersonation', 'impersonation'],
  ['priorityandfairness', 'queue'],
  ['authorization', 'authz'],
]);

export const hasFilters = ({ services }: Trace): boolean => services.has('apiserver');

/** A filter's short name; undefined for other spans, and for a root (`authentication` is one since 1.33). */
export function filterName({ span, parent }: PlacedSpan): string | undefined {
  if (span.resource.service !== 'apiserver' || span.kind === 'server') return undefined;
  return parent?.span.resource.service === 'apiserver' ? FILTERS.get(span.name) : undefined;
}

export interface FilterChain {
  /** From the outermost to the innermost. */
  readonly filters: readonly PlacedSpan[];
  /** Children of the innermost filter. */
  readonly below: readonly PlacedSpan[];
}

/** The chain of filters that starts at `first`. A filter that holds more than the next filter ends it. */
export function filterChain(first: PlacedSpan): FilterChain {
  const filters: PlacedSpan[] = [];
  let below: readonly PlacedSpan[] = [first];
  while (below.length === 1) {
    const [only] = below as readonly [PlacedSpan];
    if (filterName(only) === undefined) break;
    filters.push(only);
    below = only.children;
  }
  return { filters, below };
}

/**
 * The start of what follows an `authorization` span's own work: the first span of the handler, or of the response that
 * refuses the request. Undefined where the handler has no span: non-resource paths such as /metrics have none.
 */
export function afterAuthorization(authorization: PlacedSpan): Nanos | undefined {
  const [next] = authorization.children;
  return next?.span.name === 'SerializeObject' && !isRefused(authorization) ? undefined : next?.offset;
}

function isRefused(placed: PlacedSpan): boolean {
  let on: PlacedSpan | undefined = placed;
  while (on !== undefined && on.span.kind !== 'server') on = on.parent;
  return on !== undefined && httpStatus(on.span) === 403;
}

/** Metrics show the filter without what follows it. */
export const mayBeHandler = (filter: PlacedSpan): boolean =>
  filter.span.name === 'authorization' && filter.source === 'span' && afterAuthorization(filter) === undefined;

export const AUTHORIZATION_OR_HANDLER = 'authorization or handler';
