import { keepsContext, predict, type Prediction } from '../analysis/prediction.ts';
import type { TraceBackend } from '../backend/backend.ts';
import { samplingEvidence } from '../backend/evidence.ts';
import type { Cluster } from '../kube/exchange.ts';
import type { AdmissionWebhook } from '../kube/webhook-configuration.ts';
import type { Instance } from '../kube/instances.ts';
import type { Runtime } from '../runtime.ts';
import { between, type Nanos } from '../trace/time.ts';
import { askInstances } from './instances.ts';
import { askServer, type ServerFacts } from './server-facts.ts';

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

/** A trace that the server began a moment ago may be on its way to the backend: absence is looked at twice. */
const CONFIRM_MILLIS = 1000;

/**
 * Learns the server's version and the user's groups, then whether the server samples by itself. "Not kept, and no
 * evidence of sampling, twice" is the only reason to give up early. Never rejects.
 */
export async function watchPrediction(watch: Watch, { cluster, explicit }: Asked, runtime: Runtime): Promise<void> {
  const { forecast, backend, done } = watch;
  const server = await askServer(cluster, runtime, done);
  forecast.server = server;
  const groups = server.identity?.groups ?? null;
  const kept = keepsContext({ serverMinor: server.minor, groups });
  forecast.prediction = predict({ serverMinor: server.minor, groups, evidence: null });
  forecast.instances = await askInstances(cluster, runtime, done);
  if (kept !== false) return;

  // Aggregated API servers have the same service name: only what kube-apiserver itself began is evidence.
  const instanceIDs = forecast.instances?.map(({ id }) => id);
  const startedAt = runtime.clock.now();
  for (let looks = 1; looks <= 2 && !done.aborted; looks++) {
    const query = { now: runtime.clock.now(), minor: server.minor, ...(instanceIDs !== undefined && { instanceIDs }) };
    const evidence = await samplingEvidence(backend, query, done);
    if (evidence.status === 'unavailable') return;
    forecast.evidence = { looks, count: evidence.roots, tookNanos: between(startedAt, runtime.clock.now()) };
    forecast.prediction = predict({ serverMinor: server.minor, groups, evidence: evidence.roots });
    if (evidence.roots > 0) return;
    if (looks === 1) await runtime.clock.sleep(CONFIRM_MILLIS, done).catch(() => undefined);
  }
  if (!done.aborted && !explicit) watch.giveUp.abort();
}
