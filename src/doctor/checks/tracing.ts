import { programName } from '../../format/program-name.ts';
import { TRACING_CONFIG_FLAG } from '../../control-plane/apiserver-tracing.ts';
import { counted } from '../../format/counted.ts';
import type { Observed } from '../observed.ts';
import { lookedAt, valueOf } from '../reading.ts';
import { ok, unknown, wrong, type CheckResult } from '../result.ts';
import { apiServerPods, type Conclusions } from '../traced.ts';

/** Does the API server trace? */
export function checkTracing(observed: Observed, { isTracing }: Conclusions, managed: string | null): CheckResult {
  const looked = evidenceOf(observed);
  if (isTracing === true) return ok('tracing', 'the API server traces', { looked });
  if (isTracing === false) {
    if (managed !== null) {
      return wrong(
        'tracing',
        'warning',
        'ManagedControlPlane',
        `the API server does not trace, and ${managed} has no setting for it`,
        {
          looked,
          fix: ['the times come from its metrics, its audit log and its own log: docs/without-tracing.md'],
        },
      );
    }
    return wrong(
      'tracing',
      'failed',
      'TracingOff',
      `the API server does not trace: it runs without --${TRACING_CONFIG_FLAG}`,
      {
        looked,
        fix: [
          `give kube-apiserver --${TRACING_CONFIG_FLAG}=FILE, with a TracingConfiguration in that file`,
          `${programName()} setup    prints files and commands for this cluster`,
        ],
      },
    );
  }
  const isRefused = [observed.flagz, observed.pods, valueOf(observed.canary)?.metrics].some(
    (reading) => reading?.status === 'refused',
  );
  // The check of permissions says what an administrator would see.
  if (isRefused) return unknown('tracing', 'nothing that you may read shows whether the API server traces', { looked });
  return unknown('tracing', 'nothing shows whether the API server traces', {
    looked,
    fix: [
      'with permission to get /flagz (1.36 and later), to get /metrics (1.32 and later) or to list pods in kube-system it is seen',
    ],
  });
}

function evidenceOf(observed: Observed): string[] {
  const canary = valueOf(observed.canary);
  const pods = apiServerPods(observed);
  return [
    lookedAt('/flagz', observed.flagz, (servers) => {
      const on = servers.filter(({ tracing }) => tracing === 'on').length;
      return `--${TRACING_CONFIG_FLAG} is set on ${on} of ${counted(servers.length, 'API server')}`;
    }),
    ...(canary === undefined
      ? []
      : [
          lookedAt('/metrics', canary.metrics, ({ ours, untraced, others }) =>
            untraced > 0
              ? 'exemplars have the span ID of this client: no server span in between'
              : ours > 0
                ? 'exemplars have span IDs of the API server'
                : `no exemplar of our trace, ${counted(others, 'new trace')} of the server's own`,
          ),
        ]),
    lookedAt('pods of kube-system', observed.pods, () =>
      pods.length === 0
        ? 'no kube-apiserver among them'
        : pods
            .map(
              ({ pod, flags }) => `${pod} ${flags.has(TRACING_CONFIG_FLAG) ? 'has' : 'lacks'} --${TRACING_CONFIG_FLAG}`,
            )
            .join(', '),
    ),
  ];
}
