import { shell } from '../../../format/shell-command.ts';
import { afterAuthorization } from '../../kubernetes/filters.ts';
import { formatDuration } from '../../wording/duration.ts';
import { defineTimeFinding, type Part } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';

/** Since 1.34 the span of the handler, or of the response, starts when the `authorization` filter is done. */
export const slowAuthorization = defineTimeFinding({
  id: 'slow-authorization',
  threshold: atLeast(50, 10),
  title: 'the API server authorizing the request',
  detail: ({ webhooks }) =>
    webhooks.length > 0
      ? `RBAC decides in memory. The time includes ${webhooks.join(', ')}.`
      : 'RBAC decides in memory. The usual cause is an authorization webhook, which has no span; otherwise the API server is short of CPU.',
  hint: "Check the webhook in the API server's --authorization-config or --authorization-webhook-config-file, and put RBAC before it.",
  command: shell`kubectl get --raw /metrics | grep apiserver_authorization_webhook_duration_seconds`,
  find,
});

function find(index: TraceIndex) {
  const parts = index.named('apiserver', 'authorization').flatMap((span): Part[] => {
    // Metrics show the filter without what follows it, and its webhook as a part of it.
    const end = span.source === 'metric' ? span.offset + span.duration : afterAuthorization(span);
    return end === undefined ? [] : [{ span, nanos: index.criticalTimeWithin(span, span.offset, end) }];
  });
  const webhooks = parts.flatMap(({ span }) =>
    span.children.flatMap((child) =>
      child.source === 'metric' ? `${child.span.name} (${formatDuration(child.duration)})` : [],
    ),
  );
  return [{ parts, webhooks }];
}
