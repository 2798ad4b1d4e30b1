import { shell } from '../../../format/shell-command.ts';
import { nanos } from '../../../trace/time.ts';
import { authenticationTime, clientGaps } from '../client/client-gaps.ts';
import { conclude, type Part } from '../conclude.ts';
import type { Finder } from '../finding.ts';

/**
 * Finding out who the user is. Where the server reports it, it has a span; else it is what the network cannot explain of
 * the time before the server's span, which since 1.33 begins only after it.
 */
export const slowAuthentication: Finder = (evidence) => {
  const measured = evidence.named('apiserver', 'authentication').map((span): Part => {
    // Since 1.34 its span lasts as long as the request where it is the request's parent.
    const next = span.children[0]?.offset ?? span.offset + span.duration;
    return { span, nanos: evidence.criticalTimeWithin(span, span.offset, next) };
  });
  const inferred = clientGaps(evidence).flatMap((gaps): Part[] =>
    gaps.before === undefined ? [] : [{ span: gaps.before, nanos: authenticationTime(evidence, gaps) }],
  );
  const isInferred = measured.every((part) => part.nanos === nanos(0));
  return conclude(evidence, {
    id: 'slow-authentication',
    parts: [...measured, ...inferred],
    was: `the API server finding out who you are (authentication${isInferred ? ', inferred' : ''})`,
    detail: [
      isInferred ? 'The round trips of the connection were much faster than the way to the request.' : undefined,
      'A token may have to be reviewed by a webhook, or an OpenID provider asked for its keys.',
    ],
    hint: "Look at the API server's --authentication-token-webhook-config-file or OpenID Connect settings.",
    command: shell`kubectl get --raw /metrics | grep authentication_duration_seconds_sum`,
  });
};
