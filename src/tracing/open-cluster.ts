import type { ConnectionFlags } from '../connection.ts';
import { withDeadline } from '../deadline.ts';
import { ExitCode, TraceCommandError, UsageError } from '../errors.ts';
import { openCluster, type RelayingCluster } from '../kube/cluster.ts';
import type { OpeningTerms } from '../kube/connect/opening-terms.ts';
import type { Cluster } from '../kube/http/exchange.ts';
import { identityOf, identityRequest, type Identity } from '../kube/api/identity.ts';
import { requestFailure, requestFailureError } from '../kube/api/request-failure.ts';
import { programName } from '../format/program-name.ts';
import type { Runtime } from '../runtime.ts';
import { sendUntraced } from './untraced.ts';
import { warnOn } from './errors.ts';

/** How the command reaches the cluster, and as whom. */
export interface ClusterOptions {
  readonly connection: ConnectionFlags;
  /** A kubeconfig user whose trace context the server keeps, and who may impersonate. */
  readonly tracerUser?: string | undefined;
  /** The longest time for the request for the current user's identity, which a tracer user needs. */
  readonly identityMillis?: number;
  /** Use of standard input, when a credential plugin does not read it. */
  readonly input?: OpeningTerms['input'];
  /** Never with a tracer user, for whom a request is sent first. */
  readonly onAtHand?: OpeningTerms['onAtHand'];
}

/**
 * Opens the cluster as the user of the kubeconfig or, with a tracer user, as that one acting as the user: the API server
 * decides by the authenticated user whether to keep a trace, and by the impersonated one what is allowed and admitted
 * (k8s.io/apiserver pkg/server/config.go: WithTracing comes before WithImpersonation). The audit log shows both.
 */
export async function openTracedCluster(
  options: ClusterOptions,
  runtime: Runtime,
  version: string,
): Promise<RelayingCluster> {
  const { connection, tracerUser, input, onAtHand, identityMillis = Infinity } = options;
  const surroundings = { ...(input && { input }), warn: warnOn(runtime) };
  if (tracerUser === undefined) return openCluster(connection, runtime, version, { ...surroundings, onAtHand });
  if (connection.as !== undefined) {
    throw new UsageError('TracerUserAndAs', '--tracer-user and --as cannot be used together', {
      hint: '--tracer-user impersonates the current user; for another user give --user or --context',
    });
  }
  const own = await openCluster(connection, runtime, version, surroundings);
  let identity: Identity;
  try {
    identity = await withDeadline(runtime.clock, identityMillis, runtime.interrupted, (signal) =>
      queryIdentity(own, runtime, signal),
    );
  } finally {
    own.close();
  }
  try {
    return await openCluster(actingAs(identity, tracerUser, connection), runtime, version, surroundings);
  } catch (error) {
    if (!(error instanceof UsageError) || error.reason !== 'UserNotFound') throw error;
    const { reason, message, hint } = error;
    const made = `${programName()} setup identity makes a tracer user`;
    throw new UsageError(reason, message, { hint: hint === undefined ? made : `${hint}; ${made}`, cause: error });
  }
}

async function queryIdentity(cluster: Cluster, runtime: Runtime, signal: AbortSignal): Promise<Identity> {
  const exchange = await sendUntraced(cluster, runtime, signal)(identityRequest());
  const failure = requestFailure(exchange, { contextName: cluster.contextName });
  if (failure !== undefined) throw requestFailureError(failure);
  const identity = identityOf(exchange);
  if (identity === undefined) {
    throw new TraceCommandError(ExitCode.requestFailed, 'NoIdentity', 'the server does not say who you are', {
      hint: '--tracer-user needs SelfSubjectReview (authentication.k8s.io/v1, Kubernetes 1.28 or later)',
    });
  }
  return identity;
}

/** Set by the server for the credential that was used: it must not be claimed for another (KEP-4193). */
const CREDENTIAL_ID = 'authentication.kubernetes.io/credential-id';

/** The tracer's own credentials, and nothing of the current user's but who they are. */
function actingAs(identity: Identity, tracerUser: string, connection: ConnectionFlags): ConnectionFlags {
  const { token: _t, username: _u, password: _p, clientCertificate: _c, clientKey: _k, ...connectionOnly } = connection;
  const extra = Object.entries(identity.extra).filter(([key]) => key !== CREDENTIAL_ID);
  return {
    ...connectionOnly,
    user: tracerUser,
    as: identity.username,
    asGroup: identity.groups,
    ...(identity.uid === null ? {} : { asUID: identity.uid }),
    ...(extra.length === 0
      ? {}
      : { asUserExtra: extra.flatMap(([key, values]) => values.map((value) => `${key}=${value}`)) }),
  };
}
