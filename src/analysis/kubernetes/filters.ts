import type { PlacedSpan } from '../../trace/trace.ts';

/**
 * The API server's filters with spans of their own (k8s.io/apiserver pkg/server/config.go, DefaultBuildHandlerChain).
 * Since 1.34 each covers all that follows it: audit ⊃ impersonation ⊃ priorityandfairness ⊃ authorization ⊃ handler.
 * Drawn as they are they would be four rows of the same length; a filter's own cost is its self time.
 */
const FILTERS: Readonly<Record<string, string>> = {
  authentication: 'authn',
  audit: 'audit',
  impersonation: 'impersonation',
  constrainedimpersonation: 'impersonation',
  priorityandfairness: 'queue',
  authorization: 'authz',
};

export function filterName(placed: PlacedSpan): string | undefined {
  return placed.span.resource.service === 'apiserver' && placed.span.kind !== 'server'
    ? FILTERS[placed.span.name]
    : undefined;
}

/**
 * The chain of filters that starts at `first`, and the spans below its innermost one. A filter that holds more than the
 * next filter ends the chain.
 */
export function filterChain(first: PlacedSpan): { filters: readonly PlacedSpan[]; below: readonly PlacedSpan[] } {
  const filters = [first];
  for (let last = first; ;) {
    const [only, ...others] = last.children;
    if (only === undefined || others.length > 0 || filterName(only) === undefined)
      return { filters, below: last.children };
    filters.push(only);
    last = only;
  }
}
