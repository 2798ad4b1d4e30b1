import type { Entry } from '../entry.ts';

const WEBHOOK = 'k8s.io/apiserver pkg/admission/plugin/webhook';

/** Requests that the API server sends to others. */
export const CALLS: readonly Entry[] = [
  {
    name: 'Call mutating webhook',
    summary: 'one call of a mutating admission webhook',
    about:
      'Mutating webhooks are called one after the other, so that their times add up. After "Request completed" the patch is applied.',
    since: 'Kubernetes 1.26 (span), 1.32 (metric)',
    source: `${WEBHOOK}/mutating/dispatcher.go`,
    slow: 'the webhook: too few replicas, CPU throttling, its own calls of the API server; a new TLS connection',
    next: "the webhook's span below HTTP POST if it traces; its pods; its timeoutSeconds, rules and selectors",
    pattern: /^\S+, mutating$/,
  },
  {
    name: 'Call validating webhook',
    summary: 'one call of a validating admission webhook',
    about: 'Validating webhooks are called at the same time: only the slowest delays the request.',
    since: 'Kubernetes 1.26 (span), 1.32 (metric)',
    source: `${WEBHOOK}/validating/dispatcher.go`,
    slow: 'the webhook: too few replicas, CPU throttling, its own calls of the API server; a new TLS connection',
    next: "the webhook's span below HTTP POST if it traces; its pods; its timeoutSeconds, rules and selectors",
    pattern: /^\S+, validating$/,
  },
  {
    name: 'Call conversion webhook',
    summary: "one call of a CRD's conversion webhook",
    since: 'Kubernetes 1.26 (span), 1.32 (metric)',
    source: 'k8s.io/apiextensions-apiserver pkg/apiserver/conversion/webhook_converter.go',
    slow: 'the webhook; many objects in one call (a list)',
    next: 'spec.conversion of the CustomResourceDefinition, and which version is stored',
  },
  {
    name: 'HTTP METHOD',
    summary: 'a request to a webhook or other server',
    about:
      'To a webhook, an aggregated API server or this one (from a kubelet). The client side, with connecting, until the end of the response. In metrics it has the address behind it. Below it is the span of the called server, if that traces.',
    since: 'Kubernetes 1.22 (span), 1.32 (metric)',
    source: 'go.opentelemetry.io/contrib otelhttp transport.go; k8s.io/client-go (metric)',
    slow: 'the called server; DNS, TCP and TLS of a new connection',
    next: 'the row of the called server; the difference is connecting, the network, and waiting for a CPU',
    pattern: /^HTTP(?: (?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT)(?: .+)?)$/,
  },
  {
    name: 'Proxy via PROTOCOL protocol over TRANSPORT',
    summary: 'a connection by konnectivity',
    since: 'Kubernetes 1.26',
    source: 'k8s.io/apiserver pkg/server/egressselector/egress_selector.go',
    slow: 'the konnectivity server or its agents',
    next: 'the logs of konnectivity-server and konnectivity-agent',
    pattern: /^Proxy via \S+ protocol over \S+$/,
  },
  {
    name: 'Call Audit Events webhook',
    summary: 'sending audit events to their webhook',
    about: 'It is a separate trace, never a part of the request that is audited.',
    since: 'Kubernetes 1.26',
    source: 'k8s.io/apiserver plugin/pkg/audit/webhook/webhook.go',
    slow: 'the receiver of audit events',
    next: 'its health; requests wait only with --audit-webhook-mode=blocking',
  },
  {
    name: 'webhook NAME',
    summary: 'calls of a webhook, with --metrics=delta',
    about:
      'Where no exemplar names them: the time of all calls of this webhook between the two readings, by any client. The part of the request is at most (≤) that.',
    since: 'Kubernetes 1.22',
    source: 'k8s.io/apiserver pkg/admission/metrics (apiserver_admission_webhook_admission_duration_seconds)',
    slow: 'as Call mutating webhook',
    next: 'the command again with --metrics=delta while no other client writes; the tracing of the API server',
    pattern: /^webhook \S+$/,
  },
];
