import type { PodInvocation } from './arguments.ts';
import { TraceCommandError, type ExitCode } from '../../errors.ts';
import { openDiscoveryCache } from '../../kube/api/discovery-cache.ts';
import type { Report } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { sendUntraced } from '../../tracing/untraced.ts';
import { chooseBackend, openChosen } from '../../tracing/backend/choose.ts';
import { failWithoutRequest } from '../../tracing/errors.ts';
import { openTracedCluster } from '../../tracing/open-cluster.ts';
import { podErrorDocument } from './error-document.ts';
import { withNamesakes } from './namesakes.ts';
import { openPodOutput, publishPods, rememberPods } from './output.ts';
import { PodReader } from './reader.ts';
import { showPods } from './show-pods.ts';
import { findSubject } from './subject.ts';

/** `kubectl trace pod`: what is known of a pod now or, with --follow, until it is Ready or stuck. */
export async function runPod(invocation: PodInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  const { connection, lookup, draw, resource, name, follow, args } = invocation;
  // Everything that can be refused is refused before anything is sent.
  const choice = await chooseBackend(lookup, runtime);
  const output = openPodOutput(draw, runtime);
  const { tracerUser } = lookup;
  const options = { connection, ...(tracerUser !== undefined && { tracerUser }) };
  const cluster = await openTracedCluster(options, runtime, version);
  const startedAt = runtime.clock.now();
  const { context } = connection;
  let close = async (): Promise<void> => {};
  let better = async (error: TraceCommandError): Promise<TraceCommandError> => error;
  try {
    const reader = new PodReader(sendUntraced(cluster, runtime, runtime.interrupted), cluster.contextName);
    const cache = openDiscoveryCache(connection, cluster.server, runtime);
    const subject = await findSubject({ resource, name, namespace: cluster.namespace }, reader, cache);
    better = (error) => withNamesakes(error, subject, { reader, clock: runtime.clock, context });
    // A missing name is reported at once, not after --timeout.
    if (follow.follow && subject.pod !== undefined) await reader.require(subject.pod);
    const wanted = { purpose: 'stored' as const, clusterOf: async () => cluster };
    const opened = lookup.wait === 0 ? undefined : await openChosen(choice, wanted, runtime);
    const backend = opened?.status === 'open' ? opened.backend : undefined;
    if (opened?.status === 'open') close = opened.close;
    const task = { verb: 'pod', args, version, cluster, context, startedAt, subject, reader, backend, follow, output };
    const report = await showPods(task, runtime);
    const exitCode = await publishPods(report, output, runtime);
    if (lookup.history) await rememberPods(report, runtime);
    return exitCode;
  } catch (error) {
    if (!(error instanceof TraceCommandError)) throw error;
    const { contextName, server, namespace } = cluster;
    const { output: format, outputArgument: argument } = draw;
    const details = {
      output: argument === undefined ? format : `${format}=${argument}`,
      args,
      verb: 'pod',
      version,
      document: async (report: Report) => podErrorDocument(report, { resource, name, namespace }),
      cluster: { context: contextName, server, version: null },
    };
    return await failWithoutRequest(await better(error), details, runtime);
  } finally {
    await close();
    cluster.close();
  }
}
