import { X509Certificate } from 'node:crypto';
import { isAccepted } from '../../doctor/checks/identity.ts';
import type { Canary, Observed } from '../../doctor/observed.ts';
import { valueOf } from '../../doctor/reading.ts';
import type { TracingFile } from '../../doctor/tracing-file.ts';
import { ClusterClock } from '../../kube/api/cluster-clock.ts';
import { failureHint, isImpersonationRefused } from '../../kube/api/failure-hint.ts';
import type { RelayingCluster } from '../../kube/cluster.ts';
import type { Exchange } from '../../kube/http/exchange.ts';
import type { Runtime } from '../../runtime.ts';
import { nanos } from '../../trace/time.ts';
import type { DoctorInvocation } from './arguments.ts';
import type { Progress } from './progress.ts';
import { openBackend, readBackend, type OpenedBackend } from './reads/backend.ts';
import { canaryRequest, huntCanaries, sendCanary } from './reads/canary.ts';
import { readControlPlane } from './reads/control-plane.ts';
import { readInstallation } from './reads/installation.ts';
import { measuredRequests, readMetrics } from './reads/metrics.ts';
import type { ReadContext } from './reads/reader.ts';
import {
  onNewConnections,
  readFlagz,
  readIdentity,
  readInstances,
  readPermissions,
  readVersion,
  triesFor,
} from './reads/server.ts';

/** The command's world, and what is handed to it. */
export interface Observing {
  readonly cluster: RelayingCluster;
  readonly runtime: Runtime;
  readonly progress: Progress;
  readonly file: TracingFile | null;
}

const NOT_REACHED = { status: 'none', why: 'the API server is not reached' } as const;

/**
 * Reads everything that the checks need, until `signal` aborts. The canary comes first, on the connection of the first
 * request, so that the metrics read around it are those of the server that serves it; the rest goes on at once:
 *
 *     version |-| metrics |-| canary |-| metrics |-| identity, permissions, pods, nodes, backend … |---|
 *                                   |--------------- the canary is looked for in the backend ---------|
 *
 * Never rejects with anything but a UsageError.
 */
export async function observe(
  invocation: DoctorInvocation,
  { cluster, runtime, progress, file }: Observing,
  signal: AbortSignal,
): Promise<Observed> {
  const clock = new ClusterClock();
  const context: ReadContext = { cluster, runtime: { ...runtime, interrupted: signal }, clock, signal };
  const first = await progress.during('API server', readVersion(context));
  const base = {
    context: cluster.contextName,
    server: cluster.server,
    ...first,
    tracerUser: invocation.lookup.tracerUser,
    isImpersonating: invocation.connection.as !== undefined || cluster.actsAs !== undefined,
    ...certificateTimes(cluster, runtime),
    file,
    installation: readInstallation(runtime),
  };
  if (first.reach.status === 'failed') return { ...base, ...NOTHING };
  const before = await progress.during('metrics', readMetrics(context));
  const sent = await progress.during('canary', sendCanary(cluster, runtime, signal));
  const later = await progress.during('metrics', readMetrics(context));
  const identity = progress.during('identity', readIdentity(context));
  const instances = progress.during('API servers', readInstances(context));
  const opening = progress.during('trace backend', openBackend(invocation.lookup, context));
  const probes = instances.then((found) => sendProbes(valueOf(found)?.length ?? 0, context));
  const flagz = instances.then((found) => progress.during('flags', readFlagz(valueOf(found)?.length ?? 0, context)));
  const controlPlane = readControlPlane(Promise.resolve(valueOf(first.version)?.gitVersion ?? ''), context);
  const permissions = progress.during('permissions', readPermissions(context));
  const byID = identity.then((known) => isAccepted({ version: first.version, identity: known }) === true);
  const looking = lookUp({ sent, probes, byID, opening }, progress, context);
  const [looked, seen] = await Promise.all([looking, progress.during('control plane', controlPlane)]);
  const offset = clock.offset;
  const canary: Canary = {
    method: sent.request.method,
    path: canaryRequest().path,
    traceID: sent.context.traceID,
    auditID: sent.auditID,
    status: sent.status,
    problem: sent.error?.message,
    durationNanos: sent.durationNanos,
    metrics: measuredRequests({ before, later }, [sent.context]),
    backend: looked.canary,
  };
  return {
    ...base,
    ...seen,
    impersonationHint: isImpersonationRefused(sent) ? failureHint(sent, cluster.contextName) : undefined,
    identity: await identity,
    permissions: await permissions,
    instances: await instances,
    flagz: await flagz,
    backend: looked.backend,
    backendHint: looked.backendHint,
    clock: offset === undefined ? null : { aheadNanos: nanos(0 - offset.nanos), uncertaintyNanos: offset.uncertainty },
    canary: { status: 'read', value: canary },
  };
}

interface LookingFor {
  readonly sent: Exchange;
  readonly probes: Promise<readonly Exchange[]>;
  readonly byID: Promise<boolean>;
  readonly opening: Promise<OpenedBackend>;
}

async function lookUp(
  { sent, probes, byID, opening }: LookingFor,
  progress: Progress,
  context: ReadContext,
): Promise<Pick<Observed, 'backend' | 'backendHint'> & { readonly canary: Canary['backend'] }> {
  const backend = await opening;
  const all = [sent, ...(await probes)];
  if (backend.status === 'none') {
    const { reading, hint: backendHint } = backend;
    return { backend: reading, backendHint, canary: { status: 'none', why: 'there is no trace backend' } };
  }
  const { opened } = backend;
  try {
    const options = { byID: await byID, context };
    const canary = await progress.during('trace of the canary', huntCanaries(all, opened.backend, options));
    // Last: by then the spans of the requests above have arrived.
    const found = await progress.during('services', readBackend(opened.backend, context));
    // Without time for the services the look-ups show whether it responds.
    return { canary, backend: canary.status === 'failed' && context.signal.aborted ? canary : found };
  } finally {
    await opened.close();
  }
}

/** The canary again, on connections that a balancer may lead to other API servers. */
function sendProbes(servers: number, { cluster, runtime, signal }: ReadContext): Promise<readonly Exchange[]> {
  const elsewhere = onNewConnections(cluster);
  return Promise.all(Array.from({ length: triesFor(servers) }, () => sendCanary(elsewhere, runtime, signal)));
}

const NOTHING = {
  identity: NOT_REACHED,
  permissions: [],
  flagz: NOT_REACHED,
  pods: NOT_REACHED,
  exports: new Map(),
  instances: NOT_REACHED,
  kind: { kind: 'unknown', evidence: [] } as const,
  nodes: NOT_REACHED,
  kubelets: [],
  kubeletsLeftOut: 0,
  backend: NOT_REACHED,
  clock: null,
  canary: NOT_REACHED,
};

type CertificateTimes = Pick<Observed, 'certificateBeginsInMillis' | 'certificateEndsInMillis'>;

/** Null without a client certificate, and where it cannot be read. */
function certificateTimes({ clientCertificate }: RelayingCluster, { clock }: Pick<Runtime, 'clock'>): CertificateTimes {
  const none = { certificateBeginsInMillis: null, certificateEndsInMillis: null };
  const certificate = clientCertificate();
  if (certificate === undefined) return none;
  try {
    const { validFrom, validTo } = new X509Certificate(certificate);
    const now = Number(clock.now() / 1_000_000n);
    return {
      certificateBeginsInMillis: Date.parse(validFrom) - now,
      certificateEndsInMillis: Date.parse(validTo) - now,
    };
  } catch {
    return none;
  }
}
