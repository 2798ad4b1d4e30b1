import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { isObject, parseJSON } from '../json.ts';
import { get } from './request.ts';
import type { WebhookRule } from './webhook-rules.ts';

export type WebhookType = 'mutating' | 'validating';

/** One webhook of a MutatingWebhookConfiguration or ValidatingWebhookConfiguration. */
export interface AdmissionWebhook {
  readonly name: string;
  /** The object that it is configured in. */
  readonly configuration: string;
  readonly type: WebhookType;
  readonly timeoutSeconds: number;
  readonly failurePolicy: 'Fail' | 'Ignore';
  /** Null for validating ones, which are called once. */
  readonly reinvocationPolicy: 'Never' | 'IfNeeded' | null;
  readonly matchPolicy: 'Exact' | 'Equivalent';
  readonly rules: readonly WebhookRule[];
}

const GROUP = 'admissionregistration.k8s.io';

export function webhooksRequest(type: WebhookType): KubeRequest {
  const resource = `${type}webhookconfigurations`;
  return {
    ...get('identity', `/apis/${GROUP}/v1/${resource}`, 'application/json'),
    group: GROUP,
    version: 'v1',
    resource,
  };
}

/** Undefined when the user may not know. Defaults are those of admissionregistration.k8s.io/v1. */
export function webhooksOf(type: WebhookType, { status, body }: Exchange): readonly AdmissionWebhook[] | undefined {
  const document = status === 200 ? parseJSON(body) : undefined;
  if (!isObject(document) || !Array.isArray(document['items'])) return undefined;
  return document['items'].filter(isObject).flatMap((item) => {
    const configuration = isObject(item['metadata']) ? text(item['metadata']['name'], '') : '';
    return objects(item['webhooks']).map((webhook) => ({
      name: text(webhook['name'], ''),
      configuration,
      type,
      timeoutSeconds: typeof webhook['timeoutSeconds'] === 'number' ? webhook['timeoutSeconds'] : 10,
      failurePolicy: webhook['failurePolicy'] === 'Ignore' ? 'Ignore' : 'Fail',
      reinvocationPolicy:
        type === 'validating' ? null : webhook['reinvocationPolicy'] === 'IfNeeded' ? 'IfNeeded' : 'Never',
      matchPolicy: webhook['matchPolicy'] === 'Exact' ? 'Exact' : 'Equivalent',
      rules: objects(webhook['rules']).map((rule) => ({
        groups: texts(rule['apiGroups']),
        versions: texts(rule['apiVersions']),
        resources: texts(rule['resources']),
        operations: texts(rule['operations']),
        scope: text(rule['scope'], '*'),
      })),
    }));
  });
}

const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
const objects = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : []);
