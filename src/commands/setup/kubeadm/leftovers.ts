import { TRACING_FILE, TRACING_FOLDER } from '../../../control-plane/kubeadm/plan.ts';
import { UsageError } from '../../../errors.ts';
import { systemErrorText } from '../../../format/system-error.ts';
import type { Journal } from './journal.ts';
import type { NodeFiles } from './node-files.ts';
import { backupPath, COMPONENTS, JOURNAL, KUBERNETES, manifestPath, stagedPath, STATE } from './paths.ts';

/** Removes files that were written beside those that they were to replace. */
export async function removeStaged(files: NodeFiles): Promise<void> {
  const replaced = COMPONENTS.flatMap((component) => [manifestPath(component), backupPath(component)]);
  for (const path of [...replaced, TRACING_FILE, JOURNAL]) {
    await files.remove(stagedPath(path, 'new'));
    await files.remove(stagedPath(path, 'old'));
  }
}

/** Removes everything that an apply leaves beside the manifests. The journal is last, so that a killed run can be repeated. */
export async function forgetApply(files: NodeFiles, journal: Pick<Journal, 'hadConfiguration'>): Promise<void> {
  await removeStaged(files);
  if (!journal.hadConfiguration) await files.remove(TRACING_FILE);
  for (const component of COMPONENTS) await files.remove(backupPath(component));
  for (const path of [TRACING_FOLDER.path, JOURNAL, STATE]) await files.remove(path);
}

/** An error of Node.js while nothing was changed yet, as one of the user's. */
export function unwritable(error: unknown): Error {
  const { code, message, path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  if (code === undefined) return error as Error;
  const place = dest ?? path ?? KUBERNETES;
  const hint =
    code === 'EACCES' || code === 'EPERM'
      ? 'nothing was changed; run this as root on the control-plane node'
      : 'nothing was changed; free space or make the folder writable, and run this again';
  return new UsageError('NodeNotWritable', `cannot write ${place}: ${systemErrorText({ code, message })} (${code})`, {
    hint,
    cause: error,
  });
}
