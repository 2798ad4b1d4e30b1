import { TRACING_FILE, type NodePlan } from '../../../control-plane/kubeadm/plan.ts';
import { ExitCode, TraceCommandError, UsageError } from '../../../errors.ts';
import { programName } from '../../../format/program-name.ts';
import type { ApplyTask } from './apply.ts';
import type { Journal } from './journal.ts';
import { podOf, type Manifest, type Node } from './node.ts';
import type { NodeFiles } from './node-files.ts';
import { backupPath, COMPONENTS, JOURNAL, manifestPath } from './paths.ts';
import type { KubeadmTask } from './task.ts';

/** An apply that cannot see its result is not begun. One that was killed may have left an API server that does not start. */
export async function checkControlPlane({ plan, changes, journal }: ApplyTask, { controlPlane }: Node): Promise<void> {
  const pods = await controlPlane.pods();
  if (pods === undefined && journal?.phase === 'applying') return;
  if (pods === undefined) {
    throw new TraceCommandError(
      ExitCode.requestFailed,
      'APIServerUnavailable',
      `the API server of this node does not respond at ${plan.apiserverAddress}`,
      { hint: 'nothing was changed; make it respond first, or give --kubeconfig and --server' },
    );
  }
  for (const { component, address, path } of changes) {
    if (podOf(pods, { component, address }) !== undefined) continue;
    throw new TraceCommandError(
      ExitCode.requestFailed,
      'NoMirrorPod',
      `the API server shows no pod of ${path}, so that its restart cannot be seen`,
      { hint: 'nothing was changed; is the kubelet of this node running, and is this its cluster?' },
    );
  }
}

/**
 * Backups without a journal that differ from their manifests: the journal was removed, and they are the only way back. A run
 * that was killed before it wrote its journal leaves backups that are equal to the manifests.
 */
export async function refuseLostJournal(
  journal: Journal | undefined,
  manifests: readonly Manifest[],
  files: NodeFiles,
): Promise<void> {
  if (journal !== undefined) return;
  for (const component of COMPONENTS) {
    const [backup, path] = [backupPath(component), manifestPath(component)];
    const found = await files.read(backup);
    if (found === undefined) continue;
    if (found.text === manifests.find((each) => each.component === component)?.file.text) continue;
    const problem = `${JOURNAL} is missing, but ${backup} is a backup that differs from ${path}`;
    throw new UsageError('JournalMissing', problem, {
      hint: `nothing was changed; compare the two files, restore the backup with mv ${backup} ${path} or remove it, and run this again`,
    });
  }
}

/** A second run repeats the first one. Other settings need a restart, and the bytes from before the first one. */
export function refuseOtherSettings(
  journal: Journal | undefined,
  { endpoint, plan }: { readonly endpoint: string; readonly plan: NodePlan },
): void {
  if (journal === undefined) return;
  const hint = `run ${programName()} setup kubeadm --undo first`;
  if (journal.phase === 'undoing') {
    throw new UsageError('UndoUnfinished', 'an undo on this node was interrupted', { hint });
  }
  if (journal.endpoint === endpoint && journal.configuration === plan.configuration) return;
  const [before, now] = [rateIn(journal.configuration), rateIn(plan.configuration)];
  const others = [
    ...(journal.endpoint === endpoint ? [] : [`--endpoint ${journal.endpoint}, not ${endpoint}`]),
    ...(before === now ? [] : [`--sampling-rate ${before}, not ${now}`]),
  ];
  // The version of the file's API follows from that of Kubernetes.
  const settings = others.length === 0 ? `another version of ${TRACING_FILE}` : others.join(', and ');
  throw new UsageError('OtherSettings', `this node was set up with ${settings}`, { hint });
}

const rateIn = (configuration: string): string => /^samplingRatePerMillion: (\d+)$/m.exec(configuration)?.[1] ?? '0';

/** No manifest of kube-apiserver. */
export function notHere({ rootfs }: KubeadmTask): UsageError {
  const path = `${rootfs}${manifestPath('kube-apiserver')}`;
  return new UsageError('NotAControlPlaneNode', `${path} does not exist: this is no control-plane node of kubeadm`, {
    hint: 'run this as root on a control-plane node, or in a debug pod of it with --rootfs /host',
  });
}

/** An error of Node.js about a file is one of the user's. Every other one goes on. */
export function rethrown(error: unknown): never {
  const { code, message, path } = error as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) throw error;
  const hint =
    code === 'EACCES' || code === 'EPERM'
      ? 'run this as root on the control-plane node'
      : `run this again, or ${programName()} setup kubeadm --undo`;
  throw new UsageError('NodeNotWritable', message, { hint, cause: error });
}
