import { join } from 'node:path';
import type { RunInvocation } from './arguments.ts';
import type { RelayingCluster } from '../../kube/http/exchange.ts';
import { makeFolder } from '../../proxy/folder.ts';
import { kubeconfigText } from '../../proxy/kubeconfig.ts';
import { openProxy } from '../../proxy/server.ts';
import type { Runtime } from '../../runtime.ts';
import { childEnvironment } from './child-environment.ts';
import { runChild } from './child.ts';
import { chooseBackend } from '../../tracing/backend/choose.ts';
import { exportURL } from '../../tracing/export.ts';
import { finishRun } from './finish.ts';
import { openTracedCluster } from '../../tracing/open-cluster.ts';
import { RelayJournal } from './relay-recorder.ts';
import { wishOf } from '../../tracing/trace-requests.ts';
import { openTraceOutput } from './trace-output.ts';

/**
 * `kubectl trace run`: starts a proxy for one command, runs the command with a kubeconfig that leads to it, and tells all
 * requests that it has made as one tree. Standard input, output and error are the command's while it runs, and so is the
 * exit code.
 */
export async function runCommand(invocation: RunInvocation, runtime: Runtime, version: string): Promise<number> {
  const choice = await chooseBackend(invocation.lookup, runtime);
  const exportTo = exportURL(invocation.exportTo, runtime.env);
  const target = await openTraceOutput(invocation, runtime);
  const cluster = await openTracedCluster(wishOf(invocation), runtime, version);
  try {
    const mayImpersonate = invocation.lookup.tracerUser === undefined;
    const journal = new RelayJournal(cluster, runtime, { mayImpersonate });
    const code = await relayed(invocation, { cluster, journal }, runtime);
    return await finishRun(
      { invocation, cluster, journal, code, choice, exportURL: exportTo, version, target },
      runtime,
    );
  } finally {
    cluster.close();
    await target.close();
  }
}

/** Runs the command; the proxy and all that was made for it are gone when it has ended. */
async function relayed(
  { command, connection, lookup }: RunInvocation,
  { cluster, journal }: { readonly cluster: RelayingCluster; readonly journal: RelayJournal },
  runtime: Runtime,
): Promise<number> {
  const { clock, random, env, home } = runtime;
  const proxy = await openProxy(await journal.openTask(), { now: new Date(Number(clock.now() / 1_000_000n)), random });
  try {
    const { contextName, namespace, compressed, server, actsAs } = cluster;
    const name = contextName ?? 'kubectl-trace';
    const folder = await makeFolder(
      {
        // A tracer user acts as the current user already, and the client as nobody else.
        kubeconfig: kubeconfigText(proxy, {
          name,
          namespace,
          compressed,
          actsAs: lookup.tracerUser === undefined ? actsAs : undefined,
        }),
        url: proxy.url,
        server,
        kubectlCache: connection.cacheDir || env['KUBECACHEDIR'] || join(home, '.kube', 'cache'),
      },
      env,
    );
    try {
      journal.begin();
      return await runChild(command, childEnvironment(env, folder, journal), runtime, folder.guard);
    } finally {
      await folder.remove();
    }
  } finally {
    journal.end();
    await proxy.close();
    journal.sort();
  }
}
