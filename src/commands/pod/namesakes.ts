import { clusterFlags } from '../../format/cluster-flags.ts';
import { shell } from '../../format/shell-command.ts';
import { isObject } from '../../kube/json.ts';
import { ownerRequest } from '../../kube/api/pod-requests.ts';
import { untilDeadline } from '../../deadline.ts';
import { TraceCommandError } from '../../errors.ts';
import { commandInContext } from '../../pod/in-context.ts';
import type { Runtime } from '../../runtime.ts';
import type { FoundSubject } from './subject.ts';
import type { PodReader } from './reader.ts';
import { programPart } from '../../format/program-name.ts';

/** Workloads that are most often confused with pods: `kubectl trace pod web` for a Deployment web. */
const WORKLOADS = [
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
  ['apps/v1', 'DaemonSet'],
  ['batch/v1', 'Job'],
  ['batch/v1', 'CronJob'],
] as const;
/** An error does not wait for longer than this to be more helpful. */
const MAX_MILLIS = 2000;

/**
 * The error for a missing pod, with the workloads of its name as the hint; any other error is unchanged. It reads one
 * object of each kind and skips those that may not be read.
 */
export async function withNamesakes(
  failure: TraceCommandError,
  { pod, namespace, name }: Pick<FoundSubject, 'pod' | 'namespace' | 'name'>,
  {
    reader,
    clock,
    args,
  }: { readonly reader: PodReader; readonly clock: Runtime['clock']; readonly args: readonly string[] },
): Promise<TraceCommandError> {
  if (pod === undefined || failure.reason !== 'NotFound') return failure;
  const reads = Promise.all(WORKLOADS.map((workload) => exists(workload, namespace, name, reader)));
  const found = await untilDeadline(clock, MAX_MILLIS, reads);
  const commands = WORKLOADS.filter((_, index) => found?.[index] === true).map(([, kind]) => {
    const command = shell`${programPart()} pod ${kind.toLowerCase()}/${name} -n ${namespace}`;
    return commandInContext(command, clusterFlags(args));
  });
  if (commands.length === 0) return failure;
  const hint = `a workload has this name: ${commands.join(', or: ')}`;
  return new TraceCommandError(failure.exitCode, failure.reason, failure.message, { hint, cause: failure });
}

async function exists(
  [apiVersion, kind]: (typeof WORKLOADS)[number],
  namespace: string,
  name: string,
  reader: PodReader,
): Promise<boolean> {
  const request = ownerRequest(apiVersion, kind, namespace, name);
  if (request === undefined) return false;
  try {
    return isObject(await reader.optional(request, kind));
  } catch {
    // No JSON: another error must not hide the reported one.
    return false;
  }
}
