import { tableOf } from '../../format/table-of.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';

/** The closed list of components by which a trace's time is broken down. */
export const COMPONENTS = [
  'client',
  'network',
  // Neither measured as the client's nor as a round trip: a gateway, a retransmission, waiting for a CPU, or work without a span.
  'network-or-gateway',
  'apiserver',
  'webhook',
  'etcd',
  'controller',
  'scheduler',
  'storage',
  'kubelet',
  'runtime',
  'other',
  // The time for which a stream was open: it belongs to no component, and has no share.
  'open',
] as const;
export type Component = (typeof COMPONENTS)[number];

/** The component as people read it. */
export const componentName = (component: Component): string => component.replaceAll('-', ' ');

/** The attribute by which inferred spans and phases of the client say what they are part of. */
export const COMPONENT_ATTRIBUTE = 'kubectl-trace.component';

const BY_SERVICE: Readonly<Record<string, Component>> = tableOf({
  'kubectl-trace': 'client',
  apiserver: 'apiserver',
  etcd: 'etcd',
  kubelet: 'kubelet',
  containerd: 'runtime',
  crio: 'runtime',
  'cri-o': 'runtime',
});

/** True for a call of etcd's API, by the client's or the server's span. */
export const isEtcdCall = ({ span }: PlacedSpan): boolean => span.name.startsWith('etcdserverpb.');

/** Servers in front of which there is no gateway. */
const CALLED_DIRECTLY: Readonly<Record<string, Component>> = tableOf({
  etcd: 'etcd',
  containerd: 'runtime',
  crio: 'runtime',
  'cri-o': 'runtime',
});

/** The server's span of a call; undefined where the server reported none, and for other spans. */
export const calledServer = ({ span, children }: PlacedSpan): PlacedSpan | undefined =>
  span.kind === 'client' ? children.find((child) => child.span.kind === 'server') : undefined;

/**
 * k8s.io/apiserver pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go, and apiextensions' conversion. The
 * call of an authorization webhook has no span, and a row from the metrics.
 */
const WEBHOOK_CALL = /^(Call (mutating|validating|conversion) webhook$|authorization webhook( |$))/;

/**
 * The component that each span's own time belongs to, by `PlacedSpan.index`:
 *
 *     apiserver  |--------------------------------------|   own time: apiserver
 *     KV/Txn, client   |------------------------|           own time: to etcd and back, inferred: etcd
 *     KV/Txn, etcd           |------------|                 own time: etcd
 *
 * No process measures the way between two others: besides the network, either may be short of CPU, and calls wait in
 * queues. What a call of etcd, a webhook or a runtime waits for is theirs, with its own name (component-parts.ts); a gateway
 * can be in front of every other server. Preparing a webhook's call is the API server's.
 */
export function components(trace: Trace): readonly Component[] {
  // Only the API server calls webhooks: in other traces no span has to be checked.
  if (!trace.services.has('apiserver')) return trace.spans.map((placed) => ownComponent(placed, false));
  const result: Component[] = [];
  // By index. Parents come before their children in `Trace.spans`.
  const inWebhook = new Uint8Array(trace.spans.length);
  for (const placed of trace.spans) {
    const { parent, index } = placed;
    if (parent !== undefined && (inWebhook[parent.index] === 1 || callsWebhook(placed, parent))) inWebhook[index] = 1;
    const isWebhook = inWebhook[index] === 1 || isUnansweredCall(placed);
    result.push(ownComponent(placed, isWebhook));
  }
  return result;
}

export function callsWebhook({ span }: PlacedSpan, parent: PlacedSpan): boolean {
  return span.kind === 'client' && isWebhookCall(parent);
}

/** Checked for every span: the expression runs only for the few that begin like a match. */
const isWebhookCall = ({ span: { name } }: PlacedSpan): boolean =>
  (name.startsWith('Call ') || name.startsWith('authorization webhook')) && WEBHOOK_CALL.test(name);

/** A server that does not trace its outgoing HTTP requests: the waiting is in the call itself. */
const isUnansweredCall = (placed: PlacedSpan): boolean =>
  isWebhookCall(placed) && !placed.children.some((child) => callsWebhook(child, placed));

function ownComponent(placed: PlacedSpan, isWebhook: boolean): Component {
  const { span } = placed;
  const named = span.attributes[COMPONENT_ATTRIBUTE];
  if (typeof named === 'string' && (COMPONENTS as readonly string[]).includes(named)) return named as Component;
  if (isWebhook) return 'webhook';
  const called = calledServer(placed);
  if (called !== undefined) return CALLED_DIRECTLY[called.span.resource.service] ?? 'network-or-gateway';
  if (span.kind === 'client' && isEtcdCall(placed)) return 'etcd';
  return BY_SERVICE[span.resource.service] ?? 'other';
}
