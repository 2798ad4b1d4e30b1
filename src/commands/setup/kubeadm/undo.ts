import { hasTracing, readManifest } from '../../../control-plane/kubeadm/plan.ts';
import { removeTracing } from '../../../control-plane/kubeadm/static-pod.ts';
import { withdrawConfigMap, type Withdrawn } from './config-map.ts';
import { digestOf, writeJournal, type Journal } from './journal.ts';
import { explaining, readNodeManifest, untilRestarted, type Manifest, type Node } from './node.ts';
import type { NodeFiles } from './node-files.ts';
import { forgetApply, removeStaged, unwritable } from './leftovers.ts';
import { backupPath, stagedPath } from './paths.ts';

/** A manifest and its text after the undo. */
export interface ManifestUndo extends Manifest {
  readonly restored: string;
  /**
   * `bytes`: those of the backup. `edited`: another program has changed it since, so that only the parts that we added are
   * removed. `no-backup`: the same, because the backup is missing.
   */
  readonly how: 'bytes' | 'edited' | 'no-backup' | 'unchanged';
}

/** Computed before anything is written. Rejects with a UsageError for a manifest that is refused. */
export async function manifestUndos(files: NodeFiles, journal: Journal): Promise<readonly ManifestUndo[]> {
  const undos: ManifestUndo[] = [];
  for (const { component, before, after, added } of journal.manifests) {
    const manifest = await readNodeManifest(files, component);
    if (manifest === undefined) continue;
    const { text } = manifest.file;
    if (digestOf(text) === before) {
      undos.push({ ...manifest, restored: text, how: 'unchanged' });
      continue;
    }
    const isAfter = digestOf(text) === after;
    const backup = isAfter ? await files.read(backupPath(component)) : undefined;
    if (backup !== undefined && digestOf(backup.text) === before) {
      undos.push({ ...manifest, restored: backup.text, how: 'bytes' });
      continue;
    }
    const restored = explaining(manifest.path, () => removeTracing(text, added));
    const how = isAfter ? 'no-backup' : 'edited';
    undos.push({ ...manifest, restored, how: restored === text ? 'unchanged' : how });
  }
  return undos;
}

/** Reverts an apply, also one that was killed at any step. */
export async function undoOnNode(
  journal: Journal,
  undos: readonly ManifestUndo[],
  apiserver: Manifest,
  node: Node,
): Promise<Withdrawn> {
  const { files } = node;
  try {
    for (const { path, restored, file } of undos) {
      if (restored !== file.text) await files.write(stagedPath(path, 'new'), restored, file);
    }
    await writeJournal(files, { ...journal, phase: 'undoing' });
  } catch (error) {
    await removeStaged(files);
    throw unwritable(error);
  }
  // All before the first wait: the API server may be one that does not start.
  for (const { path, restored, file } of undos) {
    if (restored !== file.text) await files.rename(stagedPath(path, 'new'), path);
  }
  for (const { component, address, restored } of undos) {
    const tracing = journal.pods.find((each) => each.component === component)!;
    // Flags that were there before stay.
    const wanted = hasTracing(readManifest(restored, component), tracing) ? 'with' : 'without';
    await untilRestarted(node, { tracing, address, wanted }, node.interrupted);
  }
  const withdrawn = await withdrawConfigMap(node, journal, apiserver.address);
  await forgetApply(files, journal);
  return withdrawn;
}
