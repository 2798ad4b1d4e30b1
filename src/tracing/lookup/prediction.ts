import { EXPORT_INTERVAL_MILLIS } from '../../analysis/completeness/judge.ts';
import { acceptsContext, predict, type Prediction } from '../../analysis/prediction.ts';
import type { TraceBackend } from '../../backend/backend.ts';
import { samplingEvidence } from '../../backend/find/evidence.ts';
import { searchLagMillis } from '../../backend/kinds.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import type { AdmissionWebhook } from '../../kube/api/webhook-configuration.ts';
import type { Instance } from '../../kube/api/instances.ts';
import type { Runtime } from '../../runtime.ts';
import { between, type EpochNanos, type Nanos } from '../../trace/time.ts';
import type { UnconvertedTypes } from './definitions.ts';
import { queryInstances } from './instances.ts';
import { queryServer, type ServerDetails } from './server-details.ts';

/** The cluster's admission webhooks. */
export interface Admission {
  readonly webhooks: readonly AdmissionWebhook[];
}

/** A look-up under way whose end is predicted. */
export interface PredictionTask {
  readonly backend: TraceBackend;
  /** When the last of the responses was complete whose traces are looked up. */
  readonly answeredAt: EpochNanos;
  /** Aborted by the prediction when there is nothing to wait for. */
  readonly giveUp: AbortController;
  /** Aborts when the look-up is over: no prediction is needed any more. */
  readonly done: AbortSignal;
}

/** The result of a prediction: whether the trace can exist. Null where it is not known. */
export interface PredictionResult {
  readonly prediction: Prediction | null;
  /** The API servers of the cluster; null as well when the user may not know them. */
  readonly instances: readonly Instance[] | null;
  readonly evidence: { readonly searches: number; readonly count: number; readonly tookNanos: Nanos } | null;
}

/** A prediction under way. No promise rejects. */
export interface RunningPrediction {
  readonly server: Promise<ServerDetails>;
  /** The cluster's webhooks; null when the user may not know them. Undefined: no request calls one. */
  readonly admission?: Promise<Admission | null> | undefined;
  /** Custom resources that are converted by no webhook. Undefined: none was requested. */
  readonly types?: Promise<UnconvertedTypes | null> | undefined;
  readonly result: Promise<PredictionResult>;
}

/** Details of the cluster that are known while a trace is looked up. */
export interface ClusterDetails {
  readonly server: ServerDetails | null;
  readonly admission: Admission | 'pending' | null;
  readonly types: UnconvertedTypes | null;
}

/** Gives the details that have become known by then. `server`: those that were known before. */
export function detailsSoFar(
  running: RunningPrediction | undefined,
  server: ServerDetails | null,
): () => ClusterDetails {
  const admission = running?.admission === undefined ? null : 'pending';
  let details: ClusterDetails = { server, admission, types: null };
  const ignore = (): void => {};
  void running?.server.then((known) => (details = { ...details, server: known }), ignore);
  void running?.admission?.then((known) => (details = { ...details, admission: known }), ignore);
  void running?.types?.then((known) => (details = { ...details, types: known }), ignore);
  return () => details;
}

/** The cluster that is queried. */
interface PredictionSource {
  readonly cluster: Cluster;
  /** --wait was on the command line: the user wants to wait whatever is predicted. */
  readonly explicit: boolean;
}

/** Absence is confirmed by a second look, after at least this time. */
const CONFIRM_MILLIS = 1000;

/**
 * Learns the server's version and the user's groups, then whether the server samples on its own. A search that may be
 * behind proves nothing by its silence, and no server says when it started. There is nothing to wait for only when the
 * backend must show the very request that was sent, and has neither that request nor any other that the server sampled.
 * Never rejects.
 *
 *     response |--- servers export: 6 s ---|--- the backend's search may be behind ---| proof
 */
export function startPrediction(
  task: PredictionTask,
  source: PredictionSource,
  runtime: Runtime,
): Pick<RunningPrediction, 'server' | 'result'> {
  const server = queryServer(source.cluster, runtime, task.done);
  return { server, result: predictTrace(task, server, source, runtime) };
}

async function predictTrace(
  { backend, answeredAt, giveUp, done }: PredictionTask,
  serverDetails: Promise<ServerDetails>,
  { cluster, explicit }: PredictionSource,
  runtime: Runtime,
): Promise<PredictionResult> {
  const { clock } = runtime;
  const server = await serverDetails;
  const groups = server.identity?.groups ?? null;
  const accepted = acceptsContext({ serverMinor: server.minor, groups });
  const instances = await queryInstances(cluster, runtime, done);
  let prediction = predict({ serverMinor: server.minor, groups, evidence: null });
  let evidence: PredictionResult['evidence'] = null;
  if (accepted !== false) return { prediction, instances, evidence };

  // Aggregated API servers have the same service name: only what kube-apiserver itself began is evidence.
  const instanceIDs = instances?.map(({ id }) => id);
  const startedAt = clock.now();
  for (let searches = 1; !done.aborted; searches++) {
    const now = clock.now();
    const query = { now, minor: server.minor, ...(instanceIDs !== undefined && { instanceIDs }) };
    const sampled = await samplingEvidence(backend, query, done);
    if (sampled.status === 'unavailable') break;
    // Known by now, where it was not before.
    const lagMillis = searchLagMillis(backend.kind);
    const missingMillis = EXPORT_INTERVAL_MILLIS + lagMillis - between(answeredAt, now) / 1e6;
    const isProof = missingMillis <= 0;
    const { roots } = sampled;
    evidence = { searches, count: roots, tookNanos: between(startedAt, clock.now()) };
    const isTelling = roots > 0 || isProof || lagMillis <= EXPORT_INTERVAL_MILLIS;
    prediction = predict({ serverMinor: server.minor, groups, evidence: isTelling ? roots : null });
    if (roots > 0) break;
    if (isProof && searches > 1) {
      if (!explicit && !done.aborted) giveUp.abort();
      break;
    }
    await clock.sleep(Math.max(CONFIRM_MILLIS, missingMillis), done).catch(() => undefined);
  }
  return { prediction, instances, evidence };
}
