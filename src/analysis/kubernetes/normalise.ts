import { hasEnded } from '../../trace/ended.ts';
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
 * Since 1.34 filters nest and nothing of that needs to be moved. In every version an object that is changed is admitted
 * while it is held for the change, and the webhooks' spans still hang beside the span of that: they become its children,
 * or their time would be taken for its own (k8s.io/apiserver pkg/endpoints/handlers/{patch,update}.go: admission runs in
 * what GuaranteedUpdate is given to call, and with the handler's context).
 *
 *     all            GuaranteedUpdate etcd3   |---------------------|
 *                    Call mutating webhook      |---------|
 */
export function normalise({ root, spans, childrenOf }: ServerSpans): ReadonlyMap<Span, Placement> {
  const placements = new Map<Span, Placement>();
  const authentication = childrenOf(root).find(isAuthentication);
  if (authentication !== undefined && hasEnded(authentication)) {
    for (const child of childrenOf(authentication)) {
      if (between(authentication.end, child.start) >= 0) placements.set(child, { parent: root });
    }
  }
  const late = childrenOf(root).some((child) => child.resource === root.resource && between(root.end, child.start) > 0);
  if (late) placements.set(root, { end: lastEnd(root, spans) });
  for (const span of spans) {
    const children = childrenOf(span);
    const updates = children.filter(({ name }) => name === 'GuaranteedUpdate etcd3');
    for (const call of updates.length === 0 ? [] : children.filter(isWebhookCall)) {
      const update = updates.find(({ start, end }) => start <= call.start && call.end <= end);
      if (update !== undefined) placements.set(call, { parent: update });
    }
  }
  return placements;
}

const isWebhookCall = ({ name }: Span): boolean => /^Call (mutating|validating|conversion) webhook$/.test(name);

const isAuthentication = ({ name, kind }: Span): boolean => name === 'authentication' && kind === 'internal';

/** Only of the same process: another one's clock may be off. */
function lastEnd(root: Span, spans: readonly Span[]): EpochNanos {
  return spans.reduce((end, span) => (span.resource === root.resource && span.end > end ? span.end : end), root.end);
}
