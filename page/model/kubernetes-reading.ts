import { textAttribute } from '../../src/analysis/attributes.ts';
import { etcdKeyWords, readEtcdKey } from '../../src/analysis/kubernetes/etcd-key.ts';
import type { WebhookConfiguration } from '../../src/analysis/webhook-configuration.ts';
import { formatDuration } from '../../src/analysis/wording/duration.ts';
import { nameOrUID } from '../../src/analysis/wording/name-or-uid.ts';
import { formatShare } from '../../src/analysis/wording/percent.ts';
import type { RequestReport } from '../../src/report/report.ts';
import type { PlacedSpan } from '../../src/trace/trace.ts';

export interface Reading {
  readonly label: string;
  readonly text: string;
}

/** What a span means to Kubernetes: the request it is of, the webhook it calls, the object it reads or writes. */
export function kubernetesReading(placed: PlacedSpan, requests: readonly RequestReport[]): Reading[] {
  const request = requests.find(({ spanID }) => spanID === placed.spanID);
  return [
    ...(request === undefined ? [] : requestReading(request)),
    ...webhookReading(placed, requests),
    ...etcdReading(placed),
  ];
}

function requestReading(request: RequestReport): Reading[] {
  const { flowSchema, priorityLevel, auditID, resource, namespace, name, warnings, webhooks } = request;
  const object = [resource, name].filter((word) => word !== null).join(' ');
  return present([
    ['object', object === '' ? undefined : `${object}${namespace === null ? '' : ` in ${namespace}`}`],
    ['flow schema', flowSchema === null ? undefined : nameOrUID(flowSchema)],
    ['priority level', priorityLevel === null ? undefined : nameOrUID(priorityLevel)],
    ['Audit-Id', auditID ?? undefined],
    ['warnings', warnings.length === 0 ? undefined : warnings.join('; ')],
    [
      'webhooks',
      webhooks == null || webhooks.length === 0 ? undefined : webhooks.map(({ name: one }) => one).join(', '),
    ],
  ]);
}

function webhookReading({ span, duration }: PlacedSpan, requests: readonly RequestReport[]): Reading[] {
  const name = textAttribute(span.attributes, 'webhook');
  if (name === undefined) return [];
  const configuration = textAttribute(span.attributes, 'configuration');
  const found = requests
    .flatMap(({ webhooks }) => webhooks ?? [])
    .find((one) => one.name === name && (configuration === undefined || one.configuration === configuration));
  return present([
    ['webhook', name],
    ['configuration', found?.configuration ?? configuration],
    ...(found === undefined ? [] : limits(found, duration)),
  ]);
}

function limits({ type, timeoutSeconds, failurePolicy }: WebhookConfiguration, duration: number): Pair[] {
  const share = duration / (timeoutSeconds * 1e9);
  const why =
    failurePolicy === 'Fail' ? 'the request fails when it does not respond' : 'it is skipped when it does not respond';
  return [
    ['type', type],
    ['timeout', `${formatDuration(timeoutSeconds * 1e9)}, of which this call took ${formatShare(share)}`],
    ['failure policy', `${failurePolicy}: ${why}`],
  ];
}

/** As etcd's spans name them. */
const KEYS = ['range_begin', 'success_first_key', 'compare_first_key'] as const;

function etcdReading({ span }: PlacedSpan): Reading[] {
  const { attributes, resource } = span;
  const own = textAttribute(attributes, ...KEYS);
  const key = own ?? textAttribute(attributes, 'key');
  const isRelative = own === undefined && resource.service !== 'etcd';
  const read = key === undefined ? undefined : readEtcdKey(key, isRelative);
  return present([['etcd key', read === undefined ? undefined : `${etcdKeyWords(read)} (${key})`]]);
}

type Pair = readonly [label: string, text: string | undefined];

const present = (pairs: readonly Pair[]): Reading[] =>
  pairs.flatMap(([label, text]) => (text === undefined ? [] : [{ label, text }]));
