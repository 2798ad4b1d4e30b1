import { join } from 'node:path';
import type { RunInvocation } from './arguments.ts';
import type { RelayingCluster } from '../../kube/cluster.ts';
import { makeFolder } from '../../proxy/folder.ts';
import { kubeconfigText } from '../../proxy/kubeconfig.ts';
import { openProxy } from '../../proxy/server.ts';
import type { Runtime } from '../../runtime.ts';
import { childEnvironment } from './child-environment.ts';
import { runChild } from './child.ts';
import { counted } from '../../format/counted.ts';
import { openMetricsReader } from '../../tracing/source/metrics/reader.ts';
import { openSession, type TraceTarget } from '../../tracing/session.ts';
import { RelayRecorder } from './relay-recorder.ts';
import { relayedRequests } from './relayed-requests.ts';
import { openTraceOutput } from './trace-output.ts';

/**
 * `kubectl trace run`: starts a proxy for one command, runs the command with a kubeconfig that leads to it, and reports
 * all its requests as one tree. Standard input, output and error are the command's while it runs, and so is the exit
 * code.
 */
export async function runCommand(invocation: RunInvocation, runtime: Runtime, version: string): Promise<number> {
  const openTarget = (): Promise<TraceTarget> => openTraceOutput(invocation, runtime);
  const session = await openSession(invocation, { standardInput: 'child', openTarget }, runtime, version);
  try {
    const cluster = await session.connect();
    const mayImpersonate = invocation.lookup.tracerUser === undefined;
    const recorder = new RelayRecorder(cluster, runtime, { mayImpersonate });
    const metrics = openMetricsReader({ cluster, traceID: recorder.traceID }, invocation, runtime);
    const over = new AbortController();
    const reading = metrics?.readRegularly(() => recorder.exchanges.length, over.signal);
    const code = await relayed(invocation, { cluster, recorder }, runtime).finally(() => over.abort());
    await reading;
    noteMissing(recorder, runtime);
    if (recorder.exchanges.length === 0) return code;
    const report = await session.buildReport({ ...relayedRequests(invocation, { cluster, recorder, code }), metrics });
    return await session.publish(report);
  } finally {
    await session.close();
  }
}

/** Says on standard error which requests are not shown. */
function noteMissing({ exchanges, refused, notRecorded }: RelayRecorder, { err }: Runtime): void {
  if (exchanges.length === 0 && refused === 0) err.write(`note: ${NO_REQUEST}\n`);
  if (exchanges.length > 0 && notRecorded > 0) {
    err.write(
      `note: only the first ${counted(exchanges.length, 'request')} shown; ${counted(notRecorded, 'more was', 'more were')} relayed but not recorded\n`,
    );
  }
}

const NO_REQUEST = 'the command sent nothing through the proxy; does it read a kubeconfig other than KUBECONFIG?';

/** Runs the command; the proxy and all that was made for it are gone when it has ended. */
async function relayed(
  { command, connection, lookup }: RunInvocation,
  { cluster, recorder }: { readonly cluster: RelayingCluster; readonly recorder: RelayRecorder },
  runtime: Runtime,
): Promise<number> {
  const { clock, random, env, home } = runtime;
  const proxy = await openProxy(await recorder.openTask(), { now: new Date(Number(clock.now() / 1_000_000n)), random });
  try {
    const { contextName, namespace, compressed, server, actsAs } = cluster;
    const name = contextName ?? 'kubectl-trace';
    const folder = await makeFolder(
      {
        // A tracer user already impersonates the current user, so the client may not impersonate another.
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
      recorder.begin();
      return await runChild(command, childEnvironment(env, folder, recorder), runtime, folder.guard);
    } finally {
      await folder.remove();
    }
  } finally {
    recorder.end();
    await proxy.close();
    recorder.sort();
  }
}
