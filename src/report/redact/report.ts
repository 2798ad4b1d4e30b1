import { analyse } from '../../analysis/analyse.ts';
import type { WebhookConfiguration } from '../../analysis/webhook-configuration.ts';
import type { ErrorReport, LookupReport, Report, RequestReport, ServedBy } from '../report.ts';
import { Pseudonyms, type Digest } from './pseudonyms.ts';
import { redactTrace } from './spans.ts';

/**
 * The same report, safe to share: names of objects, users, webhooks and services, addresses and keys are replaced by
 * pseudonyms; times, spans, IDs and the names of Kubernetes' own parts stay. Labels and findings are computed again
 * from the result, so that they cannot reveal more than it does.
 */
export function redactReport(report: Report, digest: Digest): Report {
  const pseudonyms = new Pseudonyms(digest);
  // Twice: sentences may come before what shows which of their words are names.
  redactOnce(report, pseudonyms);
  return redactOnce(report, pseudonyms);
}

function redactOnce(report: Report, pseudonyms: Pseudonyms): Report {
  const { document: _, analysis, cluster, command, backend, shown, error, ...rest } = report;
  const name = (text: string | null): string | null => (text === null ? null : pseudonyms.name(text));
  const url = (text: string | null): string | null => (text === null ? null : pseudonyms.url(text));
  const requests = report.requests.map((request) => redactRequest(request, pseudonyms));
  const webhooks = requests.flatMap((request) => request.webhooks ?? []);
  return {
    ...rest,
    cluster: { ...cluster, context: name(cluster.context), server: url(cluster.server) },
    command: {
      ...command,
      args: command.args.map((word) => pseudonyms.argument(word)),
      ran: command.ran?.map((word) => pseudonyms.argument(word)) ?? null,
    },
    requests,
    backend:
      backend === null ? null : { ...backend, url: pseudonyms.url(backend.url), traceURL: url(backend.traceURL) },
    ...(shown !== undefined && { shown: { ...shown, from: pseudonyms.text(shown.from) } }),
    analysis: analysis === null ? null : analyse(redactTrace(analysis.trace, pseudonyms), { requests, webhooks }),
    error: error === null ? null : redactError(error, pseudonyms),
  };
}

/** The response is removed: it holds the user's objects. */
export function redactRequest(request: RequestReport, pseudonyms: Pseudonyms): RequestReport {
  const name = (text: string | null): string | null => (text === null ? null : pseudonyms.name(text));
  const { body: _, ...known } = request;
  const { error, webhooks, outcome, lookup } = known;
  return {
    ...known,
    path: pseudonyms.path(request.path),
    query: request.query === '' ? '' : pseudonyms.query(request.query),
    group: name(request.group),
    resource: name(request.resource),
    namespace: name(request.namespace),
    name: name(request.name),
    flowSchema: name(request.flowSchema),
    priorityLevel: name(request.priorityLevel),
    warnings: request.warnings.map((warning) => pseudonyms.text(warning)),
    error: error === null ? null : { ...error, message: pseudonyms.text(error.message) },
    ...(outcome != null && { outcome: outcomeOf(outcome, pseudonyms) }),
    ...(webhooks != null && { webhooks: webhooks.map((webhook) => redactWebhook(webhook, pseudonyms)) }),
    lookup: lookup === null ? null : redactLookup(lookup, pseudonyms),
  };
}

/** `configmap/web created`, `configmap "web" deleted from shop namespace` */
function outcomeOf(outcome: string, pseudonyms: Pseudonyms): string {
  const [object = '', ...words] = outcome.split(' ');
  return `${pseudonyms.path(object)} ${pseudonyms.text(words.join(' '))}`;
}

const redactWebhook = (webhook: WebhookConfiguration, pseudonyms: Pseudonyms): WebhookConfiguration => ({
  ...webhook,
  name: pseudonyms.name(webhook.name),
  configuration: pseudonyms.name(webhook.configuration),
});

const redactServer = ({ instanceID, host, replicas }: ServedBy, pseudonyms: Pseudonyms): ServedBy => ({
  instanceID: pseudonyms.secret(instanceID),
  host: host === null ? null : pseudonyms.host(host),
  replicas,
});

const redactLookup = (lookup: LookupReport, pseudonyms: Pseudonyms): LookupReport => ({
  ...lookup,
  servedBy: lookup.servedBy === null ? null : redactServer(lookup.servedBy, pseudonyms),
  missing: lookup.missing.map((span) => ({ ...span, name: pseudonyms.text(span.name) })),
  reasons: lookup.reasons.map((reason) => ({ ...reason, message: pseudonyms.text(reason.message) })),
});

export const redactError = (error: ErrorReport, pseudonyms: Pseudonyms): ErrorReport => ({
  ...error,
  message: pseudonyms.text(error.message),
  hint: error.hint === null ? null : pseudonyms.text(error.hint),
  ...(error.details !== undefined && { details: error.details.map((line) => pseudonyms.text(line)) }),
});
