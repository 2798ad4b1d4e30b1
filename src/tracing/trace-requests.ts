import { readsStandardInput } from '../cli/input.ts';
import type { RequestInvocation } from '../commands/invocation.ts';
import { ExitCode, TraceCommandError } from '../errors.ts';
import { openDiscoveryCache, type DiscoveryCache } from '../kube/api/discovery-cache.ts';
import type { TypeSource } from '../kube/api/discovery.ts';
import type { Cluster } from '../kube/http/exchange.ts';
import type { Runtime } from '../runtime.ts';
import { chooseBackend } from './backend/choose.ts';
import { exportURL } from './export.ts';
import { finish } from './finish.ts';
import { Journal } from './recorder.ts';
import { openTracedCluster, warnOn, type ClusterWish } from './open-cluster.ts';
import { openOutput } from './output.ts';

/** What a command sends its requests with. */
export interface Sending {
  readonly cluster: Cluster;
  readonly journal: Journal;
  readonly cache: DiscoveryCache;
  /** Where names of types are looked up. */
  readonly types: TypeSource;
  readonly runtime: Runtime;
}

/**
 * A command that sends requests of the user's: `prepare` reads and checks what is to be sent, before the cluster is
 * known; what it resolves with sends it. Then the traces are looked for, and everything is told.
 */
export async function traceRequests(
  invocation: RequestInvocation,
  prepare: () => Promise<(sending: Sending) => Promise<void>>,
  runtime: Runtime,
  version: string,
): Promise<ExitCode> {
  // Everything that can be refused is refused before anything is sent.
  const choice = await chooseBackend(invocation.lookup, runtime);
  const output = openOutput(invocation.draw, runtime);
  const exportTo = exportURL(invocation.exportTo, runtime.env);
  const send = await prepare();
  const cluster = await openTracedCluster(wishOf(invocation), runtime, version);
  const journal = new Journal(cluster, runtime);
  const cache = openDiscoveryCache(invocation.connection, cluster.server, runtime);
  let failure: TraceCommandError | undefined;
  try {
    await send({ cluster, journal, cache, types: { send: journal.send, cache, warn: warnOn(runtime) }, runtime });
  } catch (error) {
    if (
      !(error instanceof TraceCommandError) ||
      (error.exitCode === ExitCode.usage && journal.exchanges.length === 0)
    ) {
      cluster.close();
      throw error;
    }
    failure = error;
  }
  const finished = { invocation, cluster, journal, choice, output, failure, version, exportURL: exportTo };
  try {
    if ('follow' in invocation && invocation.follow.follow && failure === undefined) {
      const { followCreated } = await import('../commands/pod/follow-created.ts');
      return await followCreated({ ...finished, follow: invocation.follow }, cache, runtime);
    }
    return await finish(finished, runtime);
  } finally {
    cluster.close();
  }
}

export function wishOf(invocation: RequestInvocation): ClusterWish {
  const { connection, lookup } = invocation;
  const { tracerUser } = lookup;
  const input = invocation.kind === 'run' ? 'child' : readsStandardInput(invocation) ? 'manifest' : 'free';
  return { connection, input, ...(tracerUser !== undefined && { tracerUser }) };
}
