import type { ComponentPod } from '../../../control-plane/component-pod.ts';
import { EditRefused } from '../../../control-plane/kubeadm/layout.ts';
import { addressOf, hasTracing, readManifest } from '../../../control-plane/kubeadm/plan.ts';
import type { PodTracing } from '../../../control-plane/kubeadm/static-pod.ts';
import { ExitCode, TraceCommandError, UsageError } from '../../../errors.ts';
import type { Clock } from '../../../runtime.ts';
import { nanosFromMillis, type Nanos } from '../../../trace/time.ts';
import type { ControlPlane, RunningPod } from './control-plane.ts';
import type { NodeFile, NodeFiles } from './node-files.ts';
import { manifestPath } from './paths.ts';

/** The node that is changed, and how the change is watched. */
export interface Node {
  readonly files: NodeFiles;
  readonly controlPlane: ControlPlane;
  readonly clock: Clock;
  /** Aborts on Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** The longest time that a component may need to restart. */
  readonly restartTimeout: Nanos;
  /** A line for the user, which stays. */
  note(text: string): void;
  /** Shows what is waited for, in place of the line before. */
  progress(text: string): void;
}

/** A static pod of this node. */
export interface Manifest {
  readonly component: PodTracing['component'];
  readonly path: string;
  readonly file: NodeFile;
  readonly pod: ComponentPod;
  /** As in the annotations of the manifest and of its mirror pod. */
  readonly address: string | undefined;
}

/** The manifest of a component; undefined where there is none. Rejects with a UsageError for one that is not kubeadm's. */
export async function readNodeManifest(
  files: NodeFiles,
  component: PodTracing['component'],
): Promise<Manifest | undefined> {
  const path = manifestPath(component);
  const file = await files.read(path);
  if (file === undefined) return undefined;
  return explaining(path, () => {
    if (file.isLink) throw new EditRefused('it is a symbolic link, so that another tool owns the file');
    if (!file.isText) throw new EditRefused('it is not UTF-8');
    const pod = readManifest(file.text, component);
    return { component, path, file, pod, address: addressOf(pod) };
  });
}

/** Runs an edit; a refusal becomes an error that names the file and says that nothing was changed. */
export function explaining<Result>(path: string, edit: () => Result): Result {
  try {
    return edit();
  } catch (error) {
    if (!(error instanceof EditRefused)) throw error;
    throw new UsageError('UnexpectedManifest', `${path} is not changed: ${error.message}`, {
      hint: 'nothing was changed; setup kubeadm without --apply prints what to add by hand',
      cause: error,
    });
  }
}

const POLL_MILLIS = 1000;

/** A restarted component that traces, or that does not. */
export interface Awaited {
  readonly tracing: PodTracing;
  /** As in the annotation of its manifest and of its mirror pod. */
  readonly address: string | undefined;
  readonly wanted: 'with' | 'without';
}

/**
 * Waits until the kubelet has restarted a component: its mirror pod has the flags, and is ready. Meanwhile the API server
 * does not respond, in a cluster with one control-plane node. Rejects after the limit.
 */
export async function untilRestarted(node: Node, awaited: Awaited, signal?: AbortSignal): Promise<void> {
  const { tracing, wanted, address } = awaited;
  const started = node.clock.now();
  let last = 'the API server does not respond';
  for (;;) {
    // An API server that has just started refuses its own administrator until it has read the RBAC objects.
    const pods = await node.controlPlane.pods().catch(unlessDefect);
    const pod = pods === undefined ? undefined : podOf(pods, { component: tracing.component, address });
    if (pod?.isReady === true && hasTracing(pod, tracing) === (wanted === 'with')) return;
    const waited = Number(node.clock.now() - started);
    last = describe(pods, pod, awaited);
    const seconds = Math.round(waited / 1e9);
    node.progress(`waiting for the kubelet to restart ${tracing.component}, ${seconds} s: ${last}`);
    if (waited >= node.restartTimeout) break;
    await node.clock.sleep(POLL_MILLIS, signal);
  }
  const limit = Math.round(node.restartTimeout / nanosFromMillis(1000));
  throw new TraceCommandError(
    ExitCode.requestFailed,
    'NotRestarted',
    `${tracing.component} is not back within ${limit} s: ${last}`,
    { hint: `on this node: crictl ps -a, and crictl logs of ${tracing.component}` },
  );
}

/** No pods, for a request that was refused. */
function unlessDefect(error: unknown): undefined {
  if (!(error instanceof TraceCommandError)) throw error;
}

/** The mirror pod of this node's component. */
export const podOf = (
  pods: readonly RunningPod[],
  { component, address }: Pick<Manifest, 'component' | 'address'>,
): RunningPod | undefined => pods.find((pod) => pod.component === component && addressOf(pod) === address);

function describe(
  pods: readonly RunningPod[] | undefined,
  pod: RunningPod | undefined,
  { tracing, wanted }: Awaited,
): string {
  if (pods === undefined) return 'the API server does not respond';
  if (pod === undefined) return 'its mirror pod does not exist';
  if (hasTracing(pod, tracing) !== (wanted === 'with')) return 'it still runs with the former flags';
  return 'it is not ready';
}
