import { endpointFault } from './endpoint.ts';
import { apiserverTracing, TRACING_CONFIG_FLAG } from '../control-plane/apiserver-tracing.ts';
import type { Observed, ServerPod } from './observed.ts';
import { valueOf } from './reading.ts';
import type { Cause } from './result.ts';

/** Facts that several checks need, each true, false, or null where nothing has shown it. */
export interface Conclusions {
  /** At least one API server traces; false: one that served our request does not. */
  readonly isTracing: boolean | null;
  /** The backend has spans of an API server about a request of ours. */
  readonly hasArrived: boolean | null;
  /** The API server has recorded our request. */
  readonly isRecorded: boolean | null;
  /** Why spans do not leave the API server, where something says it. */
  readonly exportCause: Cause | null;
  /** Some log of an API server was read, and it has no failed export. */
  readonly isExportClean: boolean;
}

/** The kube-apiserver pods that could be seen. */
export const apiServerPods = ({ pods }: Pick<Observed, 'pods'>): readonly ServerPod[] =>
  valueOf(pods)?.filter(({ component }) => component === 'kube-apiserver') ?? [];

export function conclude(observed: Observed, isAccepted: boolean | null): Conclusions {
  const sent = valueOf(observed.canary);
  // Without a response nothing follows from what is missing.
  const canary = sent?.status === null ? undefined : sent;
  const metrics = canary === undefined ? undefined : valueOf(canary.metrics);
  const found = canary === undefined ? undefined : valueOf(canary.backend);
  // With several API servers the one that served the canary may be the only one that does not trace.
  const isFound =
    found?.services.includes('apiserver') === true || found?.probes.some(({ foundBy }) => foundBy !== null) === true;
  const hasArrived = found === undefined ? null : isFound ? true : found.isCertain ? false : null;
  const isTracing = tracingOf(observed, { isFound, metrics });
  const isRecorded = recordedOf({ isFound, isTracing, isAccepted, metrics, observed });
  const logs = apiServerPods(observed).map(({ pod }) => observed.exports.get(pod));
  const problems = logs.flatMap((log) =>
    log?.status === 'read' && log.value?.endsServer === false ? [log.value.cause] : [],
  );
  const { file } = observed;
  const fault = file?.endpoint == null ? undefined : endpointFault(file.endpoint);
  return {
    isTracing,
    hasArrived,
    isRecorded,
    exportCause: isFound ? null : (fault?.cause ?? problems[0] ?? null),
    isExportClean: problems.length === 0 && logs.some((log) => log?.status === 'read'),
  };
}

interface Evidence {
  readonly isFound: boolean;
  readonly metrics: { readonly ours: number; readonly untraced: number; readonly others: number } | undefined;
}

/** Spans prove it, then exemplars, then what the servers and their pods say of their flags. */
function tracingOf(observed: Observed, { isFound, metrics }: Evidence): boolean | null {
  if (isFound) return true;
  if (metrics !== undefined && metrics.untraced > 0) return false;
  if (metrics !== undefined && metrics.ours > 0) return true;
  const flags = valueOf(observed.flagz)?.map(({ tracing }) => tracing === 'on') ?? [];
  const pods = apiServerPods(observed).map((pod) => pod.flags.has(TRACING_CONFIG_FLAG));
  const said = flags.length > 0 ? flags : pods;
  return said.length === 0 ? null : said.some(Boolean);
}

/**
 * A server that accepts our context records every sampled request. One that does not begins its own trace, which leaves
 * exemplars of another trace where it is recorded, since Kubernetes 1.32.
 */
function recordedOf({
  isFound,
  isTracing,
  isAccepted,
  metrics,
  observed,
}: Evidence & {
  readonly isTracing: boolean | null;
  readonly isAccepted: boolean | null;
  readonly observed: Observed;
}): boolean | null {
  if (isFound) return true;
  if (isTracing !== true) return isTracing === false ? false : null;
  if (isAccepted === true) return true;
  if (metrics !== undefined && metrics.ours > 0) return true;
  const { file } = observed;
  if (file !== null)
    return file.samplingRatePerMillion >= 1_000_000 ? true : file.samplingRatePerMillion === 0 ? false : null;
  const version = valueOf(observed.version);
  const hasExemplars = version !== undefined && apiserverTracing(version)?.hasExemplars === true;
  return metrics === undefined || !hasExemplars ? null : metrics.others > 0;
}
