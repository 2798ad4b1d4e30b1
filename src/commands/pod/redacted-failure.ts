import { TraceCommandError } from '../../errors.ts';
import type { Report } from '../../report/report.ts';
import type { Runtime } from '../../runtime.ts';
import type { RequestedPod } from './error-document.ts';

/** A command that read nothing: its error, and the parts of its document that have names. */
export interface PodFailure {
  readonly error: TraceCommandError;
  readonly requested: RequestedPod;
  readonly args: readonly string[];
  readonly cluster: Report['cluster'];
}

/** The same with pseudonyms. `names`: further names that the error may have. */
export async function redactedFailure(
  { error, requested, args, cluster }: PodFailure,
  names: readonly string[],
  runtime: Runtime,
): Promise<PodFailure> {
  const [{ openDigest }, { PodPseudonyms }] = await Promise.all([
    import('../../tracing/redaction.ts'),
    import('../../report/redact/pod-pseudonyms.ts'),
  ]);
  const pseudonyms = new PodPseudonyms(await openDigest(runtime));
  const { resource, name, namespace } = requested;
  pseudonyms.learnNames([name, namespace, cluster.context, ...names]);
  const { exitCode, reason, message, hint } = error;
  return {
    error: new TraceCommandError(
      exitCode,
      reason,
      pseudonyms.text(message),
      hint === undefined ? {} : { hint: pseudonyms.text(hint) },
    ),
    requested: {
      resource,
      name: pseudonyms.name(name),
      namespace: namespace === null ? null : pseudonyms.name(namespace),
    },
    args: args.map((word) => pseudonyms.argument(word)),
    cluster: {
      ...cluster,
      context: cluster.context === null ? null : pseudonyms.name(cluster.context),
      server: cluster.server === null ? null : pseudonyms.url(cluster.server),
    },
  };
}
