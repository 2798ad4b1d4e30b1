import type { PlacedSpan, Trace } from '../trace/trace.ts';

/** The closed list of parts that a trace's time is told by. */
export const COMPONENTS = [
  'client',
  'network',
  'apiserver',
  'webhook',
  'etcd',
  'controller',
  'scheduler',
  'storage',
  'kubelet',
  'runtime',
  'other',
] as const;
export type Component = (typeof COMPONENTS)[number];

/** The attribute by which inferred spans and phases of the client say what they are part of. */
export const COMPONENT_ATTRIBUTE = 'kubectl-trace.component';

const BY_SERVICE: Readonly<Record<string, Component>> = {
  'kubectl-trace': 'client',
  apiserver: 'apiserver',
  etcd: 'etcd',
  kubelet: 'kubelet',
  containerd: 'runtime',
  crio: 'runtime',
  'cri-o': 'runtime',
};

/** `Call mutating webhook`, … : k8s.io/apiserver pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go. */
const WEBHOOK_CALL = /^Call (mutating|validating|conversion) webhook$/;

/**
 * The component of every span, by `PlacedSpan.index`. What happens below the API server's call of a webhook is the
 * webhook's (the HTTP request included), whatever service reports it. Parents come before children in `Trace.spans`.
 */
export function components(trace: Trace): readonly Component[] {
  const result: Component[] = [];
  for (const placed of trace.spans) {
    const parent = placed.parent === undefined ? undefined : result[placed.parent.index];
    result.push(parent === 'webhook' ? 'webhook' : ownComponent(placed));
  }
  return result;
}

function ownComponent({ span }: PlacedSpan): Component {
  const named = span.attributes[COMPONENT_ATTRIBUTE];
  if (typeof named === 'string' && (COMPONENTS as readonly string[]).includes(named)) return named as Component;
  if (WEBHOOK_CALL.test(span.name)) return 'webhook';
  return BY_SERVICE[span.resource.service] ?? 'other';
}
