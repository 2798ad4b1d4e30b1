import { shell } from '../../../format/shell-command.ts';
import { conclude, type Part } from '../conclude.ts';
import type { Finder } from '../finding.ts';

/** Since 1.34 the handler's span, or the answer's, begins when the `authorization` filter is done. */
export const slowAuthorization: Finder = (evidence) => {
  const parts = evidence.named('apiserver', 'authorization').map((span): Part => {
    const end = span.children[0]?.offset ?? span.offset + span.duration;
    return { span, nanos: evidence.criticalTimeWithin(span, span.offset, end) };
  });
  return conclude(evidence, {
    id: 'slow-authorization',
    parts,
    was: 'deciding whether the user may do this (authorization)',
    detail: [
      'RBAC decides in memory: most often this is an authorization webhook, which has no span of its own, else an API server that is short of CPU.',
    ],
    hint: "Look at the webhook of the API server's --authorization-config or --authorization-webhook-config-file, and put RBAC before it.",
    command: shell`kubectl get --raw /metrics | grep apiserver_authorization_webhook_duration_seconds`,
  });
};
