import { EXPORT_INTERVAL_MILLIS } from '../../analysis/completeness/judge.ts';
import { keepsContext, predict, type Prediction } from '../../analysis/prediction.ts';
import type { TraceBackend } from '../../backend/backend.ts';
import { samplingEvidence } from '../../backend/find/evidence.ts';
import { searchLagMillis } from '../../backend/kinds.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import type { AdmissionWebhook } from '../../kube/api/webhook-configuration.ts';
import type { Instance } from '../../kube/api/instances.ts';
import type { Runtime } from '../../runtime.ts';
import { between, type EpochNanos, type Nanos } from '../../trace/time.ts';
import { askInstances } from './instances.ts';
import { askServer, type ServerFacts } from './server-details.ts';

/** The cluster's admission webhooks. */
export interface Admission {
  readonly webhooks: readonly AdmissionWebhook[];
}

/** What is known, so far, of whether the trace can exist; filled in while the trace is looked for. */
export interface Forecast {
  server: ServerFacts | null;
  prediction: Prediction | null;
  /** The cluster's webhooks; null while nobody has asked, or when the user may not know them. */
  admission: Admission | 'pending' | null;
  /** The API servers that answer for the cluster; null while nobody has asked, or when the user may not know. */
  instances: readonly Instance[] | null;
  evidence: { looks: number; count: number; tookNanos: Nanos } | null;
}

/** A look-up under way, for whom to predict. */
export interface Watch {
  readonly backend: TraceBackend;
  readonly forecast: Forecast;
  /** When the last of the answers was complete whose traces are looked for. */
  readonly answeredAt: EpochNanos;
  /** Aborted here when there is nothing to wait for. */
  readonly giveUp: AbortController;
  /** Aborts when the look-up is over and nobody needs a prediction any more. */
  readonly done: AbortSignal;
}

/** Whom to ask. */
export interface Asked {
  readonly cluster: Cluster;
  /** --wait was on the command line: the user wants it waited for whatever is predicted. */
  readonly explicit: boolean;
}

/** Absence is looked at twice, so long apart at least. */
const CONFIRM_MILLIS = 1000;

/**
 * Learns the server's version and the user's groups, then whether the server samples by itself. A search that may be
 * behind proves nothing by its silence, and no server says when it started. There is nothing to wait for only when the
 * backend must show the very request that was sent, and has neither that request nor any other that the server sampled.
 * Never rejects.
 *
 *     answer  |--- servers export: 6 s ---|--- the backend's search may be behind ---| proof
 */
export async function watchPrediction(watch: Watch, { cluster, explicit }: Asked, runtime: Runtime): Promise<void> {
  const { forecast, backend, done } = watch;
  const { clock } = runtime;
  const server = await askServer(cluster, runtime, done);
  forecast.server = server;
  const groups = server.identity?.groups ?? null;
  const kept = keepsContext({ serverMinor: server.minor, groups });
  forecast.prediction = predict({ serverMinor: server.minor, groups, evidence: null });
  forecast.instances = await askInstances(cluster, runtime, done);
  if (kept !== false) return;

  // Aggregated API servers have the same service name: only what kube-apiserver itself began is evidence.
  const instanceIDs = forecast.instances?.map(({ id }) => id);
  const startedAt = clock.now();
  for (let looks = 1; !done.aborted; looks++) {
    const now = clock.now();
    const query = { now, minor: server.minor, ...(instanceIDs !== undefined && { instanceIDs }) };
    const evidence = await samplingEvidence(backend, query, done);
    if (evidence.status === 'unavailable') return;
    // Known by now, where it was not before.
    const lagMillis = searchLagMillis(backend.kind);
    const missingMillis = EXPORT_INTERVAL_MILLIS + lagMillis - between(watch.answeredAt, now) / 1e6;
    const isProof = missingMillis <= 0;
    const { roots } = evidence;
    forecast.evidence = { looks, count: roots, tookNanos: between(startedAt, clock.now()) };
    const isTelling = roots > 0 || isProof || lagMillis <= EXPORT_INTERVAL_MILLIS;
    forecast.prediction = predict({ serverMinor: server.minor, groups, evidence: isTelling ? roots : null });
    if (roots > 0) return;
    if (isProof && looks > 1) {
      if (!explicit && !done.aborted) watch.giveUp.abort();
      return;
    }
    await clock.sleep(Math.max(CONFIRM_MILLIS, missingMillis), done).catch(() => undefined);
  }
}
