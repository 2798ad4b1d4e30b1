import { identityOf, identityRequest, versionOf, versionRequest, type Identity } from '../../kube/api/identity.ts';
import type { Cluster } from '../../kube/http/exchange.ts';
import type { Runtime } from '../../runtime.ts';
import { sendUntraced } from '../untraced.ts';

/** What the server is, and whom it takes us for. Null where it did not say. */
export interface ServerDetails {
  /** `v1.37.2` */
  readonly gitVersion: string | null;
  readonly minor: number | null;
  readonly identity: Identity | null;
}

/**
 * Asks for the version and the authenticated user, each in a trace of its own and unsampled, so that asking leaves
 * no spans in what is looked at. Asked after the user's request: never a reason to delay it.
 */
export async function askServer(cluster: Cluster, runtime: Runtime, signal: AbortSignal): Promise<ServerDetails> {
  const send = sendUntraced(cluster, runtime, signal);
  // One after the other: they share the request's connection.
  const version = versionOf(await send(versionRequest()));
  const identity = identityOf(await send(identityRequest()));
  return { gitVersion: version?.gitVersion ?? null, minor: version?.minor ?? null, identity: identity ?? null };
}
