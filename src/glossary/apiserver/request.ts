import type { Entry } from '../entry.ts';

const CHAIN = 'k8s.io/apiserver pkg/server/config.go';
const FILTER = 'k8s.io/apiserver pkg/endpoints/filterlatency/filterlatency.go';

/** The request in the API server, and the filters that it passes before its handler. */
export const REQUEST: readonly Entry[] = [
  {
    name: 'METHOD /PATH',
    summary: 'one HTTP request',
    about:
      'Below the command it is the request as the client sees it. With "apiserver" before it, it is the server\'s root span, from after authentication to the last byte. A request of no resource (/version, discovery) is the method alone.',
    since: 'Kubernetes 1.31; before, the span is called KubernetesAPI',
    source: 'k8s.io/apiserver pkg/endpoints/filters/traces.go',
    slow: 'one of the rows below it; its own time is work between filters',
    next: 'the longest row below; a watch or exec lasts as long as its client wants',
    also: ['KubernetesAPI'],
    pattern: /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT)(?: [/…].*)?$/,
  },
  {
    name: 'authentication',
    summary: 'who is the user: certificate, token, OIDC',
    about:
      'Since 1.33 it comes before tracing: the span is a separate trace, and metrics show only "authentication (at most)", the time from arrival to the first filter. Since 1.34 the span lasts until the request ends.',
    since: 'Kubernetes 1.26 (span), 1.32 (metric)',
    source: `${CHAIN}, pkg/endpoints/filters/authentication.go`,
    slow: 'a token webhook or an OIDC issuer that responds slowly; a cold token cache',
    next: 'the metric authentication_duration_seconds, and the webhook of --authentication-token-webhook-config-file',
    also: ['authn', 'authentication (at most)'],
  },
  {
    name: 'audit',
    summary: 'the filter that prepares the audit event',
    about: 'Since 1.34 the span lasts as long as all that follows; its own time is the cost of the filter.',
    since: 'Kubernetes 1.34 (span), 1.32 (metric)',
    source: `${FILTER}, pkg/endpoints/filters/audit.go`,
    slow: 'an audit backend in blocking mode (--audit-webhook-mode=blocking, --audit-log-mode=blocking-strict)',
    next: 'the audit policy, and the disk or webhook that receives the events',
  },
  {
    name: 'constrainedimpersonation',
    summary: 'the filter for --as, since 1.36',
    about: 'It is in every trace, also without --as; then it does nothing.',
    since: 'Kubernetes 1.36; before, impersonation',
    source: `${FILTER}, pkg/endpoints/filters/impersonation`,
    slow: 'with --as: an authorization webhook that decides on each impersonated user, group and extra',
    next: 'the authorizers of the API server',
  },
  {
    name: 'impersonation',
    summary: 'the filter for --as, up to 1.35',
    about: 'It is in every trace, also without --as; then it does nothing.',
    since: 'Kubernetes 1.34 (span), 1.32 (metric); since 1.36 constrainedimpersonation',
    source: `${FILTER}, pkg/endpoints/filters/impersonation`,
    slow: 'with --as: an authorization webhook that decides on each impersonated user and group',
    next: 'the authorizers of the API server',
  },
  {
    name: 'priorityandfairness',
    summary: 'the wait in a queue',
    about:
      'This is API Priority and Fairness. Own time is the wait; the rest of the span is what follows. Requests of exempt priority levels do not wait. A full queue ends in HTTP status 429.',
    since: 'Kubernetes 1.34 (span), 1.32 (metric)',
    source: `${FILTER}, pkg/server/filters/priority-and-fairness.go`,
    slow: 'other requests hold all seats of the priority level: large lists, a controller in a loop',
    next: 'kubectl get --raw /debug/api_priority_and_fairness/dump_priority_levels, and the FlowSchema in the report',
    also: ['queue', 'waiting in a queue (priorityandfairness)', 'queue (priorityandfairness)'],
  },
  {
    name: 'authorization',
    summary: 'may the user do this: RBAC, Node, webhook',
    about:
      'Since 1.34 the span covers the handler too; the authorizer is the time until the first row below it. Where the handler has none (/metrics, /version), one row has both: "authorization or handler". A refused request has only a length (~).',
    since: 'Kubernetes 1.34 (span), 1.32 (metric)',
    source: `${FILTER}, pkg/endpoints/filters/authorization.go`,
    slow: 'an authorization webhook; its SubjectAccessReview call has no span',
    next: 'the metric apiserver_authorization_webhook_duration_seconds; cache settings in AuthorizationConfiguration',
    also: ['authz', 'authorization or handler', 'authz or handler'],
  },
  {
    name: 'filters: NAMES',
    summary: 'quick filters as one row',
    about:
      'Filters nest since 1.34, so each span is as long as the request. The row has the sum of their own times; a slow filter gets its own row.',
    since: 'any version: a row of kubectl trace',
    source: 'src/analysis/kubernetes/filter-rows.ts, measured-rows.ts',
    slow: 'a busy CPU: a filter that waits for something is not in this row',
    next: 'audit, impersonation, priorityandfairness and authorization in this glossary',
    also: ['filters', 'filter'],
    pattern: /^filters?(?:: .+| \(\d+(?: spans?)?\))$/,
  },
];
