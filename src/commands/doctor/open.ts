import { TraceCommandError, UsageError } from '../../errors.ts';
import type { RelayingCluster } from '../../kube/cluster.ts';
import type { Runtime } from '../../runtime.ts';
import { openTracedCluster } from '../../tracing/open-cluster.ts';
import type { DoctorInvocation } from './arguments.ts';

/** The cluster, and why a tracer user could not be prepared. */
export interface Opened {
  readonly cluster: RelayingCluster;
  /** An error of the request for the current user's identity; undefined where that was no obstacle. */
  readonly obstacle: Error | undefined;
}

/** The time before all checks is short. */
const IDENTITY_MILLIS = 2000;

/**
 * Opens the cluster as the tracer user, who acts as the current one. Where the request for that identity fails, it opens it
 * as the current user: then the checks say why, if they fail as well. Rejects with a UsageError.
 */
export async function openForDoctor(
  { connection, lookup: { tracerUser } }: DoctorInvocation,
  runtime: Runtime,
  version: string,
): Promise<Opened> {
  try {
    const options = { connection, tracerUser, identityMillis: IDENTITY_MILLIS };
    const cluster = await openTracedCluster(options, runtime, version);
    return { cluster, obstacle: undefined };
  } catch (error) {
    const isFailure = error instanceof TraceCommandError && !(error instanceof UsageError);
    if (tracerUser === undefined || !isFailure) throw error;
    return { cluster: await openTracedCluster({ connection }, runtime, version), obstacle: error };
  }
}
