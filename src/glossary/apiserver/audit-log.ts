import type { Entry } from '../entry.ts';

const COMMON = {
  since: 'Kubernetes 1.24',
  source: 'k8s.io/apiserver pkg/endpoints/request/webhook_duration.go (annotations apiserver.latency.k8s.io/…)',
} as const;

/** Layers of a request over 500 ms that the audit log has. Authentication and others have the names of the spans. */
export const AUDIT_LOG: readonly Entry[] = [
  {
    ...COMMON,
    name: 'etcd, reads',
    summary: 'reading from etcd; writing has no layer',
    slow: 'etcd, or many pages of a list',
    next: 'the rest of the request, which includes writing to etcd',
  },
  {
    ...COMMON,
    name: 'decode the stored object',
    summary: 'decoding what was read, with conversion',
    since: 'Kubernetes 1.30',
    slow: 'large objects; a conversion webhook',
    next: 'which version of a custom resource is stored',
  },
  {
    ...COMMON,
    name: 'mutating webhooks',
    summary: 'all calls of mutating webhooks, added up',
    slow: 'one of the named webhooks',
    next: 'the pods of each named webhook',
    pattern: /^mutating webhooks: .+$/,
  },
  {
    ...COMMON,
    name: 'validating webhooks, the slowest',
    summary: 'the slowest call of a validating webhook',
    slow: 'that webhook; the audit log does not name it',
    next: 'the metric apiserver_admission_webhook_admission_duration_seconds',
    also: ['validating webhooks'],
  },
  {
    ...COMMON,
    name: 'convert the response',
    summary: 'making the requested version or table',
    slow: 'a large list; a conversion webhook',
    next: 'a limit',
  },
  {
    ...COMMON,
    name: 'encode and write the response',
    summary: 'encoding and sending the response',
    slow: 'a large response, or a client that reads slowly',
    next: 'the size of the response',
  },
  {
    ...COMMON,
    name: 'the rest: apiserver, etcd',
    summary: 'what no layer covers: writing to etcd',
    about: 'Inferred. Requests of up to 500 ms have no layers: then it is called apiserver, webhooks, etcd.',
    slow: 'writing to etcd, built-in admission',
    next: 'a trace or --metrics=delta of a similar request',
    also: ['apiserver, webhooks, etcd'],
  },
];
