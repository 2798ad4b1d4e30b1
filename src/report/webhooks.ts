import type { WebhookCalls } from '../analysis/webhook-calls.ts';
import type { WebhookConfiguration } from '../analysis/webhook-configuration.ts';
import type { JSONObject } from './json-value.ts';

/**
 * `requests[].webhooks`: the webhooks that the cluster has configured for the request, each with its calls in the trace;
 * where the configuration is not known, only those that were called. Null where neither is known. `calls` is null
 * without a trace of the request.
 */
export function webhooksJSON(
  configured: readonly WebhookConfiguration[] | null,
  called: readonly WebhookCalls[] | null,
): readonly JSONObject[] | null {
  if (configured === null) {
    if (called === null || called.length === 0) return null;
    return called.map(({ name, configuration, type, calls, durationNanos }) => ({
      name,
      configuration,
      type,
      timeoutSeconds: null,
      failurePolicy: null,
      reinvocationPolicy: null,
      calls,
      durationNanos,
    }));
  }
  return configured.map((webhook) => {
    const own = called?.find((one) => isOf(one, webhook));
    return { ...webhook, calls: called === null ? null : (own?.calls ?? 0), durationNanos: own?.durationNanos ?? null };
  });
}

const isOf = (calls: WebhookCalls, { type, name, configuration }: WebhookConfiguration): boolean =>
  calls.type === type && calls.name === name && (calls.configuration ?? configuration) === configuration;
