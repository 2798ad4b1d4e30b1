import { counted } from '../../format/counted.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import type { Observed } from '../observed.ts';
import { lookedAt, valueOf, whyNot } from '../reading.ts';
import { ok, TITLES, unknown, wrong, type CheckResult } from '../result.ts';

/** The backend has spans of the API server about the canary. */
export function wasFound({ canary }: Pick<Observed, 'canary'>): boolean {
  const sent = valueOf(canary);
  const found = sent && valueOf(sent.backend);
  return found?.services.includes('apiserver') === true;
}

/** Is one request found through each source? `broken` is the first broken link of the way of its spans. */
export function checkCanary(observed: Observed, broken: CheckResult | undefined): CheckResult {
  const { canary } = observed;
  if (canary.status !== 'read') return unknown('canary', `no request was sent: ${whyNot(canary)}`);
  const { method, path, traceID, auditID, status, problem, durationNanos, metrics, backend } = canary.value;
  const looked = [
    `${method} ${path}: status ${status ?? 'none'} in ${formatDuration(durationNanos)}`,
    `trace ID ${traceID}, Audit-ID ${auditID ?? 'none'}`,
    lookedAt('metrics', metrics, ({ ours, others }) =>
      ours > 0 ? 'found by trace ID' : `not under our trace ID; ${counted(others, 'trace')} of the server's own`,
    ),
    lookedAt('backend', backend, ({ foundBy, services, waitedNanos }) =>
      foundBy === null
        ? `not found within ${formatDuration(waitedNanos)}`
        : `found by ${WORDS[foundBy]} after ${formatDuration(waitedNanos)}, with spans of ${services.join(', ')}`,
    ),
  ];
  const request = `${method} ${path}`;
  const sources = sourcesOf(observed);
  if (status === null) {
    return wrong(
      'canary',
      'failed',
      'Unreachable',
      `${request} got no response: ${problem ?? 'the connection failed'}`,
      {
        looked,
        fix: ['is the API server overloaded? kubectl get --raw /readyz?verbose'],
      },
    );
  }
  if (wasFound(observed)) return ok('canary', `${request} was found ${sources}`, { looked });
  if (broken !== undefined) {
    return {
      id: 'canary',
      state: broken.state === 'warning' ? 'warning' : 'failed',
      summary: `${request} was found ${sources}; the first broken link is ${TITLES[broken.id]}, above`,
      looked,
      fix: [],
      causes: [],
    };
  }
  if (valueOf(backend)?.isCertain !== true)
    return unknown('canary', `${request} was found ${sources}; the search of the backend may be behind`, { looked });
  return wrong(
    'canary',
    'failed',
    'SpansMissing',
    `${request} was found ${sources}: its spans do not arrive, and nothing that can be seen says why`,
    {
      looked,
      fix: [
        'give a copy of the file: --tracing-config-file FILE',
        "on a control-plane node: crictl logs $(crictl ps -q --name kube-apiserver) 2>&1 | grep 'traces export'",
      ],
    },
  );
}

const WORDS = {
  'trace-id': 'its trace ID',
  link: 'a link',
  'audit-id': 'its Audit-ID',
  fingerprint: 'its user agent',
} as const;

/** `in the API server's metrics and in jaeger`, or `through no source`. */
function sourcesOf({ canary, backend }: Observed): string {
  const sent = valueOf(canary);
  if (sent === undefined) return 'through no source';
  const found = valueOf(sent.backend);
  const sources = [
    ...((valueOf(sent.metrics)?.ours ?? 0) > 0 ? ["in the API server's metrics"] : []),
    ...(found?.services.includes('apiserver') === true ? [`in ${valueOf(backend)?.kind ?? 'the backend'}`] : []),
  ];
  return sources.length === 0 ? 'through no source' : sources.join(' and ');
}
