import { TRACING_FILE } from '../../../control-plane/kubeadm/plan.ts';
import { programName, programPart } from '../../../format/program-name.ts';
import { shell, ShellPart, shellWord } from '../../../format/shell-command.ts';
import { escapeText } from '../../../render/escape.ts';
import type { Runtime } from '../../../runtime.ts';
import type { Applied, ApplyTask } from './apply.ts';
import type { Withdrawn } from './config-map.ts';
import type { Journal } from './journal.ts';
import { manifestPath } from './paths.ts';
import type { KubeadmTask } from './task.ts';
import type { ManifestUndo } from './undo.ts';

/** Lines as those of `kubectl apply`. */
export function report(
  { plan, changes, endpoint }: ApplyTask,
  { others, kubeadmConfig }: Applied,
  { repeated }: Pick<KubeadmTask, 'repeated'>,
  { out }: Pick<Runtime, 'out'>,
): void {
  const settings = new ShellPart(repeated.map(([name, value]) => ` --${name} ${shellWord(value)}`).join(''));
  const lines = [
    `${TRACING_FILE} configured`,
    ...changes.map(({ path, after, file }) => `${path} ${after === file.text ? 'unchanged' : 'configured'}`),
    `configmap/kubeadm-config ${CONFIG_MAP_WORDS[kubeadmConfig]}`,
    `undo: ${programName()} setup kubeadm --undo`,
    ...others.map(
      (name) => `next, on ${name}: ${shell`${programPart()} setup kubeadm --apply --endpoint ${endpoint}${settings}`}`,
    ),
    `before a control-plane node joins: copy ${plan.pods.at(-1)!.folder!.path} to it`,
  ];
  out.write(`${lines.map(escapeText).join('\n')}\n`);
}

const CONFIG_MAP_WORDS: Readonly<Record<Applied['kubeadmConfig'], string>> = {
  changed: 'configured',
  unchanged: 'unchanged',
  waiting: 'unchanged: it is changed with the last control-plane node',
  missing: 'not found: kubeadm upgrade would remove the flags',
};

/** Lines of an undo. */
export function reportUndo(
  journal: Journal,
  undos: readonly ManifestUndo[],
  { change, others }: Withdrawn,
  { out }: Pick<Runtime, 'out'>,
): void {
  const before = journal.pods.filter((pod) => !journal.manifests.some(({ component }) => component === pod.component));
  const lines = [
    ...undos.map(({ path, how }) => `${path} ${UNDO_WORDS[how]}`),
    ...before.map(({ component }) => `${manifestPath(component)} unchanged: it traced before the apply`),
    ...(journal.hadConfiguration ? [] : [`${TRACING_FILE} removed`]),
    `configmap/kubeadm-config ${
      change === 'shared'
        ? `unchanged: ${others.join(', ')} still trace${others.length === 1 ? 's' : ''}; it is changed by the undo on the last control-plane node`
        : change === 'changed'
          ? 'configured'
          : change
    }`,
  ];
  out.write(`${lines.map(escapeText).join('\n')}\n`);
}

const UNDO_WORDS: Readonly<Record<ManifestUndo['how'], string>> = {
  bytes: 'restored',
  edited: 'edited: another program has changed it since',
  'no-backup': 'edited: its backup is missing, so that the flags were removed',
  unchanged: 'unchanged',
};
