import type { WebhookConfiguration } from '../../analysis/webhook-configuration.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import { webhooksOf, webhooksRequest } from '../../kube/api/webhook-configuration.ts';
import { isAdmitted, rulesMatch } from '../../kube/api/webhook-rules.ts';
import type { RequestReport } from '../../report/report.ts';
import { withDeadline } from '../../deadline.ts';
import type { Runtime } from '../../runtime.ts';
import { sendUntraced } from '../untraced.ts';
import type { Admission } from './prediction.ts';

/** The query must not delay the report of a trace. */
const TIMEOUT_MILLIS = 3000;

/**
 * Reads the webhooks that may have been called, after the user's requests and separately from them. Undefined where nothing
 * was written. Resolves with null where the user may not know them. Never rejects. `done` is when the look-up is over.
 */
export function readAdmission(
  { cluster, requests }: { readonly cluster: Cluster; readonly requests: readonly RequestReport[] },
  done: AbortSignal,
  runtime: Runtime,
): Promise<Admission | null> | undefined {
  if (!requests.some((request) => request.purpose === 'request' && isAdmitted(request))) return undefined;
  return withDeadline(runtime.clock, TIMEOUT_MILLIS, done, (signal) => queryAdmission(cluster, runtime, signal));
}

async function queryAdmission(cluster: Cluster, runtime: Runtime, signal: AbortSignal): Promise<Admission | null> {
  const send = sendUntraced(cluster, runtime, signal);
  const mutating = webhooksOf('mutating', await send(webhooksRequest('mutating')));
  if (mutating === undefined) return null;
  const validating = webhooksOf('validating', await send(webhooksRequest('validating')));
  return validating === undefined ? null : { webhooks: [...mutating, ...validating] };
}

/** The webhooks whose rules match a request. Null when they are not known. */
export function admittedBy(
  request: RequestReport,
  admission: Admission | 'pending' | null,
): readonly WebhookConfiguration[] | null {
  if (!isAdmitted(request)) return [];
  if (admission === null || admission === 'pending') return request.webhooks ?? null;
  return admission.webhooks
    .filter((webhook) => rulesMatch(webhook, request))
    .map(({ name, configuration, type, timeoutSeconds, failurePolicy, reinvocationPolicy }) => ({
      name,
      configuration,
      type,
      timeoutSeconds,
      failurePolicy,
      reinvocationPolicy,
    }));
}
