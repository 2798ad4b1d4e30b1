import { tableOf } from '../../format/table-of.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';

/** The closed list of components by which a trace's time is broken down. */
export const COMPONENTS = [
  'client',
  'network',
  // Neither measured as the client's nor as a round trip: a gateway, a retransmission, or work without a span.
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

/**
 * k8s.io/apiserver pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go, and apiextensions' conversion. The
 * call of an authorization webhook has no span, and a row from the metrics.
 */
const WEBHOOK_CALL = /^(Call (mutating|validating|conversion) webhook$|authorization webhook( |$))/;

/**
 * The component that each span's own time belongs to, by `PlacedSpan.index`:
 *
 *     apiserver  |--------------------------------------|   own time: apiserver
 *     KV/Txn, client   |------------------------|           own time: on the way to etcd and back, network
 *     KV/Txn, etcd           |------------|                 own time: etcd
 *
 * What an API server's call of a webhook waits for is the webhook's; preparing it is the API server's.
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

function callsWebhook({ span }: PlacedSpan, parent: PlacedSpan): boolean {
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
  if (span.kind === 'client' && placed.children.some((child) => child.span.kind === 'server')) return 'network';
  if (isWebhook) return 'webhook';
  return BY_SERVICE[span.resource.service] ?? 'other';
}
