import { addToConfiguration, removeFromConfiguration } from '../../../control-plane/kubeadm/cluster-configuration.ts';
import { TRACING_FILE } from '../../../control-plane/kubeadm/plan.ts';
import { unifiedDiff } from '../../../control-plane/kubeadm/unified-diff.ts';
import { ExitCode } from '../../../errors.ts';
import type { Runtime } from '../../../runtime.ts';
import type { ApplyTask } from './apply.ts';
import { edited, tracingElsewhere } from './config-map.ts';
import type { Journal } from './journal.ts';
import type { Manifest, Node } from './node.ts';
import type { ManifestUndo } from './undo.ts';

const CONFIGURATION = 'configmap/kubeadm-config ClusterConfiguration';

/** Prints the difference that an apply would make. */
export async function printApplyDiff(
  { plan, changes }: ApplyTask,
  tracingFile: string,
  node: Node,
  { out }: Pick<Runtime, 'out'>,
): Promise<ExitCode> {
  out.write(unifiedDiff(TRACING_FILE, tracingFile, plan.configuration));
  for (const { path, file, after } of changes) out.write(unifiedDiff(path, file.text, after));
  out.write(await configurationDiff(node, (text) => addToConfiguration(text, plan.pods)));
  return ExitCode.ok;
}

/** Prints the difference that an undo would make. */
export async function printUndoDiff(
  journal: Journal,
  undos: readonly ManifestUndo[],
  { apiserver, node }: { readonly apiserver: Manifest; readonly node: Node },
  { out }: Pick<Runtime, 'out'>,
): Promise<ExitCode> {
  if (!journal.hadConfiguration) out.write(unifiedDiff(TRACING_FILE, journal.configuration, ''));
  for (const { path, file, restored } of undos) out.write(unifiedDiff(path, file.text, restored));
  const others = await tracingElsewhere(node.controlPlane, journal.pods, apiserver.address).catch(() => []);
  if (others.length > 0) node.note(`note: kubeadm-config is not changed while other nodes trace: ${others.join(', ')}`);
  else out.write(await configurationDiff(node, (text) => removeFromConfiguration(text, journal.kubeadmConfig)));
  return ExitCode.ok;
}

/** The difference of the ConfigMap; without an API server a note. */
async function configurationDiff({ controlPlane, note }: Node, edit: (text: string) => string): Promise<string> {
  try {
    const config = await controlPlane.kubeadmConfig();
    if (config === undefined) note('note: the cluster has no ConfigMap kubeadm-config');
    return config === undefined ? '' : unifiedDiff(CONFIGURATION, config.text, edited(config.text, edit));
  } catch (error) {
    note(`note: no difference of kubeadm-config: ${error instanceof Error ? error.message : String(error)}`);
    return '';
  }
}
