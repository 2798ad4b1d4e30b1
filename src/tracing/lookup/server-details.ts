import { identityOf, identityRequest, versionOf, versionRequest, type Identity } from '../../kube/api/identity.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import type { Runtime } from '../../runtime.ts';
import { sendUntraced } from '../untraced.ts';

/** Version of the server, and the authenticated user. Null where the server did not say. */
export interface ServerDetails {
  /** `v1.37.2` */
  readonly gitVersion: string | null;
  readonly minor: number | null;
  readonly identity: Identity | null;
}

/**
 * Queries the version and the authenticated user, each in a separate, unsampled trace, so that the queries leave no
 * spans in the trace that is looked at. They follow the user's request and never delay it.
 */
export async function queryServer(cluster: Cluster, runtime: Runtime, signal: AbortSignal): Promise<ServerDetails> {
  const send = sendUntraced(cluster, runtime, signal);
  // One after the other: they share the request's connection.
  const version = versionOf(await send(versionRequest()));
  const identity = identityOf(await send(identityRequest()));
  return { gitVersion: version?.gitVersion ?? null, minor: version?.minor ?? null, identity: identity ?? null };
}
