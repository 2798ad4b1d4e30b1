import { hasTracing, TRACING_FILE, TRACING_FOLDER, type NodePlan } from '../../../control-plane/kubeadm/plan.ts';
import { addTracing } from '../../../control-plane/kubeadm/static-pod.ts';
import { ExitCode, TraceCommandError } from '../../../errors.ts';
import { nanos } from '../../../trace/time.ts';
import { addConfigMap } from './config-map.ts';
import { commitJournal, digestOf, stageJournal, writeJournal, type Journal } from './journal.ts';
import { explaining, untilRestarted, type Awaited, type Manifest, type Node } from './node.ts';
import { forgetApply, removeStaged, unwritable } from './leftovers.ts';
import { backupPath, STATE, stagedPath } from './paths.ts';

/** A manifest before and after the change. */
export interface ManifestChange extends Manifest {
  /** As it was before the first change: of the backup, where an earlier run was killed. */
  readonly original: string;
  readonly after: string;
}

export interface ApplyTask {
  readonly endpoint: string;
  readonly plan: NodePlan;
  readonly changes: readonly ManifestChange[];
  /** The earlier run; undefined for the first one. */
  readonly journal: Journal | undefined;
  readonly hadConfiguration: boolean;
}

/** Result of an apply, for the lines that follow. */
export interface Applied {
  /** Nodes whose API server does not trace yet. */
  readonly others: readonly string[];
  readonly kubeadmConfig: 'changed' | 'unchanged' | 'waiting' | 'missing';
}

/** Changes of the manifests, computed before anything is written. Throws a UsageError for a manifest that is refused. */
export async function manifestChanges(
  { files }: Pick<Node, 'files'>,
  manifests: readonly Manifest[],
  plan: NodePlan,
  journal: Journal | undefined,
): Promise<readonly ManifestChange[]> {
  const changes: ManifestChange[] = [];
  for (const manifest of manifests) {
    const tracing = plan.pods.find(({ component }) => component === manifest.component)!;
    const after = explaining(manifest.path, () => addTracing(manifest.file.text, tracing));
    const known = journal?.manifests.find(({ component }) => component === manifest.component);
    const backup = known?.after === digestOf(after) ? await files.read(backupPath(manifest.component)) : undefined;
    const isOurs = backup !== undefined && digestOf(backup.text) === known?.before && manifest.file.text === after;
    changes.push({ ...manifest, after, original: isOurs ? backup.text : manifest.file.text });
  }
  return changes;
}

/**
 * Changes the node. All that needs space is written before the first change, so that a full disk changes nothing, and a
 * rollback needs none. Then each component is changed by one rename, and has to come back before the next one.
 *
 *     backups, staged files, journal | etcd | kube-apiserver | kubeadm-config | journal
 *     ------ may fail, no change ----|----- rolled back -----|- may be repeated -----
 */
export async function applyToNode(task: ApplyTask, node: Node): Promise<Applied> {
  const { files } = node;
  await stage(task, node);
  try {
    await files.rename(stagedPath(TRACING_FILE, 'new'), TRACING_FILE);
    for (const change of task.changes) {
      if (change.after !== change.file.text) await files.rename(stagedPath(change.path, 'new'), change.path);
      node.interrupted.throwIfAborted();
      await untilRestarted(node, awaited(task, change), node.interrupted);
    }
  } catch (error) {
    throw await rolledBack(task, node, error);
  }
  await commitJournal(files);
  for (const { path } of task.changes) await files.remove(stagedPath(path, 'old'));
  // With the last node: an upgrade would start an API server without its file on one that has none yet.
  const others = await otherNodes(task, node);
  return { others, kubeadmConfig: others.length > 0 ? 'waiting' : await addConfigMap(node, task.plan.pods) };
}

const awaited = ({ plan }: Pick<ApplyTask, 'plan'>, { component, address }: Manifest): Awaited => ({
  tracing: plan.pods.find((each) => each.component === component)!,
  address,
  wanted: 'with',
});

/** Writes everything that the change needs. Where that fails, nothing is left of it. */
async function stage(task: ApplyTask, { files }: Node): Promise<void> {
  const { changes, plan, journal: earlier } = task;
  try {
    await files.makeFolder(STATE, 0o700);
    await files.makeFolder(TRACING_FOLDER.path, 0o755);
    for (const { component, original, path, after, file } of changes) {
      const backup = backupPath(component);
      await files.write(stagedPath(backup, 'new'), original);
      await files.rename(stagedPath(backup, 'new'), backup);
      if (after !== file.text) await files.write(stagedPath(path, 'new'), after, file);
      await files.write(stagedPath(path, 'old'), original, file);
    }
    const { uid, gid } = changes[0]!.file;
    await files.write(stagedPath(TRACING_FILE, 'new'), plan.configuration, { mode: 0o644, uid, gid });
    const journal = journalOf(task);
    await writeJournal(files, { ...journal, phase: 'applying' });
    await stageJournal(files, { ...journal, phase: 'applied' });
  } catch (error) {
    // The journal and the backups of an earlier run stay.
    if (earlier === undefined) await forgetApply(files, { hadConfiguration: true });
    else await removeStaged(files);
    throw unwritable(error);
  }
}

function journalOf({ endpoint, plan, changes, hadConfiguration }: ApplyTask): Omit<Journal, 'phase'> {
  return {
    version: 1,
    endpoint,
    pods: plan.pods,
    manifests: changes
      .filter(({ original, after }) => original !== after)
      .map(({ component, original, after }) => ({ component, before: digestOf(original), after: digestOf(after) })),
    configuration: plan.configuration,
    hadConfiguration,
  };
}

/**
 * The least time that the restored components get: nothing else can be done for them. The kubelet waits longer and longer before it
 * starts a component that has crashed, and shows the pod of etcd only to an API server that is back.
 */
const ROLLBACK_TIMEOUT = nanos(600e9);

/** Restores the node after a failure, without writing anything. Resolves with the error to report. */
async function rolledBack(task: ApplyTask, node: Node, cause: unknown): Promise<Error> {
  const reason = node.interrupted.aborted ? 'interrupted' : cause instanceof Error ? cause.message : String(cause);
  node.note(`${reason}; restoring the manifests`);
  const patient = { ...node, restartTimeout: nanos(Math.max(node.restartTimeout, ROLLBACK_TIMEOUT)) };
  try {
    for (const { path, original, after } of task.changes) {
      if (original !== after) await node.files.rename(stagedPath(path, 'old'), path);
    }
    for (const change of task.changes) {
      const wanted = change.original === change.after ? 'with' : 'without';
      await untilRestarted(patient, { ...awaited(task, change), wanted });
    }
    await forgetApply(node.files, task);
  } catch (error) {
    const second = error instanceof Error ? error.message : String(error);
    const message = `${reason}; restoring the manifests failed: ${second}`;
    const hint = `the manifests from before are in ${STATE}; run setup kubeadm --undo`;
    return new TraceCommandError(ExitCode.requestFailed, 'RollbackFailed', message, { hint, cause });
  }
  const code = node.interrupted.aborted ? ExitCode.interrupted : ExitCode.requestFailed;
  const message = `${reason}; the manifests are restored, and the API server responds`;
  const hint = cause instanceof TraceCommandError ? cause.hint : undefined;
  return new TraceCommandError(code, 'RolledBack', message, { ...(hint !== undefined && { hint }), cause });
}

/** Other control-plane nodes without tracing: kubeadm-config is for all of them. */
async function otherNodes({ plan }: ApplyTask, { controlPlane }: Node): Promise<readonly string[]> {
  const tracing = plan.pods.find(({ component }) => component === 'kube-apiserver')!;
  const pods = (await controlPlane.pods()) ?? [];
  return pods.filter((pod) => pod.component === 'kube-apiserver' && !hasTracing(pod, tracing)).map(({ node }) => node);
}
