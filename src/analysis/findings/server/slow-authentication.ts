import { shell } from '../../../format/shell-command.ts';
import { nanos } from '../../../trace/time.ts';
import { authenticationTime, clientGaps } from '../client/client-gaps.ts';
import { defineTimeFinding, type Part } from '../define-finding.ts';
import { atLeast } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';

/**
 * Authentication of the user. Where the server reports it, it has a span. Elsewhere it is the time before the server's
 * span that the network cannot explain: since 1.33 that span starts after authentication.
 */
export const slowAuthentication = defineTimeFinding({
  id: 'slow-authentication',
  threshold: atLeast(50, 10),
  title: ({ isInferred }) => `the API server authenticating the user${isInferred ? ' (inferred)' : ''}`,
  detail: ({ isInferred }) => [
    isInferred
      ? "The round trips of the connection were much faster than the time before the server's span."
      : undefined,
    'A webhook may have to review the token, or the API server fetches the keys of an OpenID Connect provider.',
  ],
  hint: "Check the API server's --authentication-token-webhook-config-file and OpenID Connect settings.",
  command: shell`kubectl get --raw /metrics | grep authentication_duration_seconds_sum`,
  find,
});

function find(index: TraceIndex) {
  const measured = index.named('apiserver', 'authentication').map((span): Part => {
    // Since 1.34 its span lasts as long as the request where it is the request's parent.
    const next = span.children[0]?.offset ?? span.offset + span.duration;
    return { span, nanos: index.criticalTimeWithin(span, span.offset, next) };
  });
  const inferred = clientGaps(index).flatMap((gaps): Part[] =>
    gaps.before === undefined ? [] : [{ span: gaps.before, nanos: authenticationTime(index, gaps) }],
  );
  return [{ isInferred: measured.every((part) => part.nanos === nanos(0)), parts: [...measured, ...inferred] }];
}
