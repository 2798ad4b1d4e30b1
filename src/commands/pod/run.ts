import type { PodInvocation } from './arguments.ts';
import { TraceCommandError, type ExitCode } from '../../errors.ts';
import { openDiscoveryCache } from '../../kube/api/discovery-cache.ts';
import type { TraceBackend } from '../../backend/backend.ts';
import type { PodReport } from '../../report/pod-report.ts';
import type { Report } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import { sendUntraced } from '../../tracing/untraced.ts';
import { chooseBackend, openChosen } from '../../tracing/backend/choose.ts';
import { failWithoutRequest } from '../../tracing/errors.ts';
import { openTracedCluster } from '../../tracing/open-cluster.ts';
import { podErrorDocument } from './error-document.ts';
import { withNamesakes } from './namesakes.ts';
import { openPodOutput, publishPods, rememberPods, shownPods } from './output.ts';
import { PodReader } from './reader.ts';
import { redactedFailure, type PodFailure } from './redacted-failure.ts';
import type { PodSelection } from './selection.ts';
import { PICTURES, showSet } from './set/show-set.ts';
import { showPods } from './show-pods.ts';
import { findSubject } from './subject.ts';

/** `kubectl trace pod`: what is known of pods now or, with --follow, until one is Ready or stuck. */
export async function runPod(invocation: PodInvocation, runtime: Runtime, version: string): Promise<ExitCode> {
  const { connection, lookup, draw, resource, name, selection, follow, args } = invocation;
  // Everything that can be refused is refused before anything is sent.
  const choice = await chooseBackend(lookup, runtime);
  const output = openPodOutput(draw, runtime);
  const { tracerUser } = lookup;
  const options = { connection, ...(tracerUser !== undefined && { tracerUser }) };
  const cluster = await openTracedCluster(options, runtime, version);
  const startedAt = runtime.clock.now();
  const isPictured = selection === undefined || PICTURES.has(draw.output);
  let close = async (): Promise<void> => {};
  let better = async (error: TraceCommandError): Promise<TraceCommandError> => error;
  try {
    const reader = new PodReader(sendUntraced(cluster, runtime, runtime.interrupted), cluster.contextName);
    const openBackend = async (): Promise<TraceBackend | undefined> => {
      const wanted = { purpose: 'stored' as const, clusterOf: async () => cluster };
      const opened = lookup.wait === 0 || !isPictured ? undefined : await openChosen(choice, wanted, runtime);
      if (opened?.status !== 'open') return undefined;
      close = opened.close;
      return opened.backend;
    };
    const task = { verb: 'pod', args, version, cluster, startedAt, reader, follow };
    let report: PodReport;
    if (selection === undefined) {
      const cache = openDiscoveryCache(connection, cluster.server, runtime);
      const subject = await findSubject({ resource, name, namespace: cluster.namespace }, reader, cache);
      better = (error) => withNamesakes(error, subject, { reader, clock: runtime.clock, args });
      // A missing name is reported at once, not after --timeout.
      if (follow.follow && subject.pod !== undefined) await reader.require(subject.pod);
      report = await showPods({ ...task, subject, backend: await openBackend() }, runtime);
    } else {
      const { namespace } = cluster;
      report = await showSet({ ...task, backend: await openBackend() }, selection, { namespace, isPictured }, runtime);
    }
    const exitCode = await publishPods(await shownPods(report, draw, runtime), output, runtime);
    if (lookup.history) await rememberPods(report, runtime);
    return exitCode;
  } catch (error) {
    if (!(error instanceof TraceCommandError)) throw error;
    const isOfAll = selection?.kind === 'all' && selection.allNamespaces;
    const found: PodFailure = {
      error: await better(error),
      requested: { resource, name, namespace: isOfAll ? null : cluster.namespace },
      args,
      cluster: { context: cluster.contextName, server: cluster.server, version: null },
    };
    const failure = draw.redact ? await redactedFailure(found, namesOf(selection), runtime) : found;
    const { output: format, outputArgument: argument } = draw;
    const details = {
      output: argument === undefined ? format : `${format}=${argument}`,
      args: failure.args,
      verb: 'pod',
      version,
      document: async (report: Report) => podErrorDocument(report, failure.requested),
      cluster: failure.cluster,
    };
    return await failWithoutRequest(failure.error, details, runtime);
  } finally {
    await close();
    cluster.close();
  }
}

const namesOf = (selection: PodSelection | undefined): readonly string[] =>
  selection?.kind === 'named' ? selection.names : selection?.kind === 'service' ? [selection.name] : [];
