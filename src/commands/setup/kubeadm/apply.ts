import {
  hasTracing,
  readManifest,
  TRACING_FILE,
  TRACING_FOLDER,
  type NodePlan,
} from '../../../control-plane/kubeadm/plan.ts';
import { addTracing, missingTracing } from '../../../control-plane/kubeadm/static-pod.ts';
import { ExitCode, TraceCommandError } from '../../../errors.ts';
import { nanos } from '../../../trace/time.ts';
import { addConfigMap, missingInConfigMap, withdrawConfigMap } from './config-map.ts';
import { commitJournal, digestOf, stageJournal, writeJournal, type ChangedManifest, type Journal } from './journal.ts';
import { explaining, untilRestarted, type Awaited, type Manifest, type Node } from './node.ts';
import { forgetApply, removeStaged, unwritable } from './leftovers.ts';
import { backupPath, STATE, stagedPath } from './paths.ts';

/** A manifest before and after the change. */
export interface ManifestChange extends Manifest {
  /** As it was before the first change: of the backup, where an earlier run was killed. */
  readonly original: string;
  readonly after: string;
  /** The entry of the earlier run, where another program has changed the manifest since and nothing is added: its backup stays. */
  readonly kept: ChangedManifest | undefined;
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
    const kept = !isOurs && manifest.file.text === after ? known : undefined;
    changes.push({ ...manifest, after, kept, original: isOurs ? backup.text : manifest.file.text });
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
  const kubeadmConfig = await missingInConfigMap(node, task.plan.pods, task.journal);
  const journal: Omit<Journal, 'phase'> = { ...journalOf(task), kubeadmConfig };
  await stage(task, journal, node);
  try {
    await files.rename(stagedPath(TRACING_FILE, 'new'), TRACING_FILE);
    for (const change of task.changes) {
      if (change.after !== change.file.text) await files.rename(stagedPath(change.path, 'new'), change.path);
      node.interrupted.throwIfAborted();
      await untilRestarted(node, awaited(task, change), node.interrupted);
    }
  } catch (error) {
    throw await rolledBack(task, journal, node, error);
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
async function stage(task: ApplyTask, journal: Omit<Journal, 'phase'>, { files }: Node): Promise<void> {
  const { changes, plan, journal: earlier } = task;
  try {
    await files.makeFolder(STATE, 0o700);
    await files.makeFolder(TRACING_FOLDER.path, 0o755);
    for (const { component, original, path, after, file, kept } of changes) {
      const backup = backupPath(component);
      if (kept === undefined) {
        await files.write(stagedPath(backup, 'new'), original);
        await files.rename(stagedPath(backup, 'new'), backup);
      }
      if (after !== file.text) await files.write(stagedPath(path, 'new'), after, file);
      await files.write(stagedPath(path, 'old'), original, file);
    }
    const { uid, gid } = changes[0]!.file;
    await files.write(stagedPath(TRACING_FILE, 'new'), plan.configuration, { mode: 0o644, uid, gid });
    await writeJournal(files, { ...journal, phase: 'applying' });
    await stageJournal(files, { ...journal, phase: 'applied' });
  } catch (error) {
    // The journal and the backups of an earlier run stay.
    if (earlier === undefined) await forgetApply(files, { hadConfiguration: true });
    else await removeStaged(files);
    throw unwritable(error);
  }
}

function journalOf({ endpoint, plan, changes, hadConfiguration }: ApplyTask): Omit<Journal, 'phase' | 'kubeadmConfig'> {
  return {
    version: 1,
    endpoint,
    pods: plan.pods,
    manifests: changes
      .filter(({ original, after, kept }) => original !== after || kept !== undefined)
      .map((change) => change.kept ?? entryOf(change, plan)),
    configuration: plan.configuration,
    hadConfiguration,
  };
}

function entryOf({ component, path, original, after }: ManifestChange, { pods }: NodePlan): ChangedManifest {
  const tracing = pods.find((pod) => pod.component === component)!;
  const added = explaining(path, () => missingTracing(original, tracing));
  return { component, before: digestOf(original), after: digestOf(after), added };
}

/**
 * The least time that the restored components get: nothing else can be done for them. The kubelet waits longer and longer before it
 * starts a component that has crashed, and shows the pod of etcd only to an API server that is back.
 */
const ROLLBACK_TIMEOUT = nanos(600e9);

/** Restores the node after a failure, without writing anything. Resolves with the error to report. */
async function rolledBack(
  task: ApplyTask,
  journal: Omit<Journal, 'phase'>,
  node: Node,
  cause: unknown,
): Promise<Error> {
  const reason = node.interrupted.aborted ? 'interrupted' : cause instanceof Error ? cause.message : String(cause);
  node.note(`${reason}; restoring the manifests`);
  const patient = { ...node, restartTimeout: nanos(Math.max(node.restartTimeout, ROLLBACK_TIMEOUT)) };
  try {
    for (const { path, original, after } of task.changes) {
      if (original !== after) await node.files.rename(stagedPath(path, 'old'), path);
    }
    for (const change of task.changes) {
      const expected = awaited(task, change);
      const wanted = hasTracing(readManifest(change.original, change.component), expected.tracing) ? 'with' : 'without';
      await untilRestarted(patient, { ...expected, wanted });
    }
    await forgetRun(task, journal, node);
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

/** Removes what a restored run has left. A manifest that an earlier run has changed still traces: its backup stays. */
async function forgetRun(task: ApplyTask, journal: Omit<Journal, 'phase'>, node: Node): Promise<void> {
  if (task.changes.some(({ kept }) => kept !== undefined)) {
    await removeStaged(node.files);
    return;
  }
  const apiserver = task.changes.find(({ component }) => component === 'kube-apiserver')!;
  if (task.journal !== undefined) await withdrawConfigMap(node, journal, apiserver.address);
  await forgetApply(node.files, task);
}

/** Other control-plane nodes without tracing: kubeadm-config is for all of them. */
async function otherNodes({ plan }: ApplyTask, { controlPlane }: Node): Promise<readonly string[]> {
  const tracing = plan.pods.find(({ component }) => component === 'kube-apiserver')!;
  const pods = (await controlPlane.pods()) ?? [];
  return pods.filter((pod) => pod.component === 'kube-apiserver' && !hasTracing(pod, tracing)).map(({ node }) => node);
}
