import { addToConfiguration, removeFromConfiguration } from '../../../control-plane/kubeadm/cluster-configuration.ts';
import { EditRefused } from '../../../control-plane/kubeadm/layout.ts';
import type { PodTracing } from '../../../control-plane/kubeadm/static-pod.ts';
import { ExitCode, TraceCommandError } from '../../../errors.ts';
import type { ControlPlane } from './control-plane.ts';

/** Outcome for the ConfigMap kubeadm-config. */
export type ConfigMapChange = 'changed' | 'unchanged' | 'missing';

const ATTEMPTS = 5;

/** Adds the flags, so that `kubeadm upgrade` writes them again. */
export const addConfigMap = (
  { controlPlane }: { readonly controlPlane: ControlPlane },
  pods: readonly PodTracing[],
): Promise<ConfigMapChange> => change(controlPlane, (text) => addToConfiguration(text, pods));

export const removeConfigMap = (
  { controlPlane }: { readonly controlPlane: ControlPlane },
  pods: readonly PodTracing[],
): Promise<ConfigMapChange> => change(controlPlane, (text) => removeFromConfiguration(text, pods));

/** Reads, edits and replaces, again where another client was faster. */
async function change(controlPlane: ControlPlane, edit: (text: string) => string): Promise<ConfigMapChange> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const config = await controlPlane.kubeadmConfig();
    if (config === undefined || config.text === '') return 'missing';
    const text = edited(config.text, edit);
    if (text === config.text) return 'unchanged';
    if (await controlPlane.replaceKubeadmConfig(config, text)) return 'changed';
  }
  throw new TraceCommandError(
    ExitCode.requestFailed,
    'Conflict',
    'the ConfigMap kubeadm-config is changed by others again and again',
    { hint: 'run this again' },
  );
}

export function edited(text: string, edit: (text: string) => string): string {
  try {
    return edit(text);
  } catch (error) {
    if (!(error instanceof EditRefused)) throw error;
    throw new TraceCommandError(
      ExitCode.requestFailed,
      'UnexpectedConfiguration',
      `the ConfigMap kubeadm-config is not changed: ${error.message}`,
      { hint: 'add the arguments by hand: kubectl -n kube-system edit configmap kubeadm-config', cause: error },
    );
  }
}
