import { join } from 'node:path';
import { ExitCode } from '../../errors.ts';
import type { RelayingCluster } from '../../kube/cluster.ts';
import type { KeptBodies } from '../../kube/http/kept-body.ts';
import { makeFolder } from '../../proxy/folder.ts';
import { kubeconfigText } from '../../proxy/kubeconfig.ts';
import { openProxy } from '../../proxy/server.ts';
import type { Runtime } from '../../runtime.ts';
import type { Session } from '../../tracing/session.ts';
import type { MetricsReader } from '../../tracing/source/metrics/reader.ts';
import type { RelayedInvocation } from './arguments.ts';
import { childEnvironment } from './child-environment.ts';
import { runChild, type ChildOptions } from './child.ts';
import { RelayRecorder } from './relay-recorder.ts';
import type { WaitingKubectl } from './waiting.ts';

/** A command that has ended, and its requests. */
export interface RelayedCommand {
  /** Its exit code, or 128 and the number of the signal that ended it. */
  readonly code: number;
  readonly cluster: RelayingCluster;
  readonly recorder: RelayRecorder;
  readonly metrics: MetricsReader | undefined;
  /** The command has changed the kubeconfig that was made for it. */
  readonly hasChangedKubeconfig: boolean;
}

export interface RelayOptions extends Pick<ChildOptions, 'onOutput'> {
  readonly keep?: KeptBodies;
  /** It has been started. */
  readonly waiting?: WaitingKubectl | undefined;
}

/** Runs a command whose requests come to a proxy. All that was made for it is gone when it has ended. */
export async function runRelayed(
  invocation: RelayedInvocation,
  session: Session,
  runtime: Runtime,
  options: RelayOptions = {},
): Promise<RelayedCommand> {
  const cluster = await session.connect();
  const mayImpersonate = invocation.lookup.tracerUser === undefined;
  const recorder = new RelayRecorder(cluster, runtime, { mayImpersonate, begun: options.waiting });
  const over = new AbortController();
  let metrics: MetricsReader | undefined;
  let reading: Promise<void> | undefined;
  // The command itself takes a while to start: what is not needed before its first request is loaded then.
  const onStart = (): void => {
    reading = import('../../tracing/source/metrics/reader.ts').then(({ openMetricsReader }) => {
      metrics = openMetricsReader({ cluster, traceID: recorder.traceID }, invocation, runtime);
      return metrics?.readRegularly(() => recorder.exchanges.length, over.signal);
    });
    session.prepare();
  };
  const proxied = { cluster, recorder, onStart };
  const ended = await throughProxy(invocation, proxied, runtime, options).finally(() => over.abort());
  await reading;
  return { ...ended, cluster, recorder, metrics };
}

interface Proxied {
  readonly cluster: RelayingCluster;
  readonly recorder: RelayRecorder;
  /** The command has been started. */
  readonly onStart: () => void;
}

async function throughProxy(
  { command, connection, lookup }: RelayedInvocation,
  { cluster, recorder, onStart }: Proxied,
  runtime: Runtime,
  { keep, onOutput, waiting }: RelayOptions,
): Promise<Pick<RelayedCommand, 'code' | 'hasChangedKubeconfig'>> {
  const { clock, random, env, home, err, errTerminal } = runtime;
  const proxy = await openProxy({ now: new Date(Number(clock.now() / 1_000_000n)), random });
  try {
    const { contextName, namespace, compressed, server, actsAs } = cluster;
    const name = contextName ?? 'kubectl-trace';
    const folder = waiting?.folder ?? makeFolder(runtime);
    try {
      folder.write({
        // A tracer user already impersonates the current user, so the client may not impersonate another.
        kubeconfig: kubeconfigText(proxy, {
          name,
          cluster: connection.cluster ?? name,
          user: connection.user ?? name,
          namespace,
          compressed,
          actsAs: lookup.tracerUser === undefined ? actsAs : undefined,
        }),
        url: proxy.url,
        server,
        kubectlCache: connection.cacheDir || env['KUBECACHEDIR'] || join(home, '.kube', 'cache'),
      });
      let isEchoed = false;
      const onKey = (): void => void (isEchoed = true);
      if (waiting === undefined) recorder.begin();
      const childEnv = childEnvironment(env, folder, recorder);
      const ending =
        waiting === undefined
          ? runChild(command, runtime, { onOutput, env: childEnv, onPID: folder.guard, onKey })
          : goOn(waiting, runtime, onKey);
      const serving = recorder
        .openTask(keep)
        .then((task) => proxy.serve(task))
        .then(onStart);
      const [code] = await Promise.all([ending, serving]);
      // Behind the `^C` of the terminal; the command may have written the line that it stands on.
      if (isEchoed && errTerminal.isTTY) err.write('\n');
      return { code, hasChangedKubeconfig: folder.hasChanged() };
    } finally {
      folder.remove();
    }
  } finally {
    recorder.end();
    await proxy.close();
    recorder.sort();
  }
}

/** A signal that came while it waited is for this process, as one before a start is. */
async function goOn({ child }: WaitingKubectl, { interrupted }: Runtime, onKey: () => void): Promise<number> {
  if (!interrupted.aborted) return child.ended(onKey);
  await child.kill();
  return ExitCode.interrupted;
}
