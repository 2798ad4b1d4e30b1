import {
  addToConfiguration,
  missingInConfiguration,
  removeFromConfiguration,
} from '../../../control-plane/kubeadm/cluster-configuration.ts';
import { EditRefused } from '../../../control-plane/kubeadm/layout.ts';
import { addressOf, hasTracing } from '../../../control-plane/kubeadm/plan.ts';
import type { PodTracing } from '../../../control-plane/kubeadm/static-pod.ts';
import { ExitCode, TraceCommandError } from '../../../errors.ts';
import type { ControlPlane } from './control-plane.ts';
import type { Journal } from './journal.ts';

/** Outcome for the ConfigMap kubeadm-config. */
export type ConfigMapChange = 'changed' | 'unchanged' | 'missing';

const ATTEMPTS = 5;

/** Adds the flags, so that `kubeadm upgrade` writes them again. */
export const addConfigMap = (
  { controlPlane }: { readonly controlPlane: ControlPlane },
  pods: readonly PodTracing[],
): Promise<ConfigMapChange> => change(controlPlane, (text) => addToConfiguration(text, pods));

/** The parts that the ConfigMap lacks now, or lacked before the earlier run: an undo removes no others. */
export async function missingInConfigMap(
  { controlPlane }: { readonly controlPlane: ControlPlane },
  pods: readonly PodTracing[],
  earlier: Journal | undefined,
): Promise<readonly PodTracing[]> {
  const before = earlier?.kubeadmConfig ?? [];
  try {
    const { text } = (await controlPlane.kubeadmConfig()) ?? { text: '' };
    return text === '' ? before : united(pods, [...before, ...missingInConfiguration(text, pods)]);
  } catch (error) {
    // A refused configuration is not changed. After a kill the API server may be one that does not start.
    if (earlier === undefined && !(error instanceof EditRefused)) throw error;
    return before;
  }
}

const united = (pods: readonly PodTracing[], parts: readonly PodTracing[]): readonly PodTracing[] =>
  pods.map(({ component, flags, folder }) => {
    const own = parts.filter((part) => part.component === component);
    return {
      component,
      flags: flags.filter(([name]) => own.some((part) => part.flags.some(([other]) => other === name))),
      folder: own.some((part) => part.folder !== undefined) ? folder : undefined,
    };
  });

/** Result of an undo. With `shared` other control-plane nodes still trace, and an upgrade of them needs the arguments. */
export interface Withdrawn {
  readonly change: ConfigMapChange | 'shared';
  readonly others: readonly string[];
}

/** Removes the parts that the ConfigMap lacked before, unless another control-plane node still traces. */
export async function withdrawConfigMap(
  { controlPlane }: { readonly controlPlane: ControlPlane },
  { pods, kubeadmConfig }: Pick<Journal, 'pods' | 'kubeadmConfig'>,
  ownAddress: string | undefined,
): Promise<Withdrawn> {
  if (kubeadmConfig.every(({ flags, folder }) => flags.length === 0 && folder === undefined)) {
    return { change: 'unchanged', others: [] };
  }
  const others = await tracingElsewhere(controlPlane, pods, ownAddress);
  if (others.length > 0) return { change: 'shared', others };
  return { change: await change(controlPlane, (text) => removeFromConfiguration(text, kubeadmConfig)), others };
}

/** Other control-plane nodes whose API server traces. */
export async function tracingElsewhere(
  controlPlane: ControlPlane,
  traced: readonly PodTracing[],
  ownAddress: string | undefined,
): Promise<readonly string[]> {
  const tracing = traced.find(({ component }) => component === 'kube-apiserver')!;
  const pods = await controlPlane.pods();
  if (pods === undefined) {
    throw new TraceCommandError(ExitCode.requestFailed, 'APIServerUnavailable', 'the API server does not respond', {
      hint: 'run this again',
    });
  }
  return pods
    .filter((pod) => pod.component === 'kube-apiserver' && addressOf(pod) !== ownAddress && hasTracing(pod, tracing))
    .map(({ node }) => node);
}

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
