import type { Span } from '../../trace/span.ts';
import { between, type EpochNanos } from '../../trace/time.ts';
import type { ServerSpans } from '../completeness/server-spans.ts';

/** Where a span stands in the tree, where that differs from what its process reported. */
export interface Placement {
  readonly parent?: Span;
  readonly end?: EpochNanos;
}

/**
 * Makes one shape of what the versions of Kubernetes report; what was reported stays on the spans themselves.
 *
 *     1.26 – 1.32   root           |-------------------------|     handlers hang below a filter that is over:
 *                   authentication  |-|                            they become children of the root
 *                   handler             |------------------|
 *
 *     1.33          root           |-|                             the root is ended as soon as the audit filter is set up
 *                   handler            |------------------|        (kubernetes/kubernetes#128767): it lasts as long as they do
 *
 * Since 1.34 filters nest and nothing needs to be moved.
 */
export function normalise({ root, spans, childrenOf }: ServerSpans): ReadonlyMap<Span, Placement> {
  const placements = new Map<Span, Placement>();
  const authentication = childrenOf(root).find(isAuthentication);
  if (authentication !== undefined) {
    for (const child of childrenOf(authentication)) {
      if (between(authentication.end, child.start) >= 0) placements.set(child, { parent: root });
    }
  }
  const late = childrenOf(root).some((child) => child.resource === root.resource && between(root.end, child.start) > 0);
  if (late) placements.set(root, { end: lastEnd(root, spans) });
  return placements;
}

const isAuthentication = ({ name, kind }: Span): boolean => name === 'authentication' && kind === 'internal';

/** Only of the same process: another one's clock may be off. */
function lastEnd(root: Span, spans: readonly Span[]): EpochNanos {
  return spans.reduce((end, span) => (span.resource === root.resource && span.end > end ? span.end : end), root.end);
}
