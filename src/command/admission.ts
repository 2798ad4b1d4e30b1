import type { WebhookConfiguration } from '../analysis/webhook-configuration.ts';
import type { Cluster } from '../kube/exchange.ts';
import { webhooksOf, webhooksRequest, type AdmissionWebhook } from '../kube/webhook-configuration.ts';
import { rulesMatch, type AdmittedRequest } from '../kube/webhook-rules.ts';
import type { Runtime } from '../runtime.ts';
import { apart } from './apart.ts';

/** The cluster's admission webhooks; null where the user may not know them. */
export interface Admission {
  readonly webhooks: readonly AdmissionWebhook[] | null;
}

/**
 * Asks for the webhooks, unsampled and apart, after the user's requests. Without an answer nothing is known of them.
 * Asked only where something was written: reads are not admitted.
 */
export async function askAdmission(cluster: Cluster, runtime: Runtime, signal: AbortSignal): Promise<Admission> {
  const send = apart(cluster, runtime, signal);
  const mutating = webhooksOf('mutating', await send(webhooksRequest('mutating')));
  if (mutating === undefined) return { webhooks: null };
  const validating = webhooksOf('validating', await send(webhooksRequest('validating')));
  return { webhooks: validating === undefined ? null : [...mutating, ...validating] };
}

/** The webhooks whose rules match a request. Empty for reads; null when the webhooks are not known. */
export function matchingWebhooks(
  admission: Admission | null,
  request: AdmittedRequest,
): readonly WebhookConfiguration[] | null {
  if (request.method === 'GET' || request.method === 'HEAD') return [];
  if (admission === null || admission.webhooks === null) return null;
  return admission.webhooks.filter((webhook) => rulesMatch(webhook, request));
}
