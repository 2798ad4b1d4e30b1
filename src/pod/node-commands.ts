import { powerShell, shell, shellPart, type ShellCommand, type ShellPart } from '../format/shell-command.ts';
import type { PodSnapshot } from './pod-snapshot.ts';
import type { NextStep } from './verdict.ts';

type OnNode = Pick<PodSnapshot, 'pod' | 'node'>;

/** A pod that selects Windows nodes runs on one, also where the node could not be read. */
export const onWindows = ({ pod, node }: OnNode): boolean =>
  node?.system.os === undefined ? pod.labels.includes('kubernetes.io/os=windows') : node.system.os === 'windows';

/** `linux/arm64`; undefined where the node could not be read. */
export function platformOf({ node }: Pick<PodSnapshot, 'node'>): string | undefined {
  const { os, architecture } = node?.system ?? {};
  return os === undefined || architecture === undefined ? undefined : `${os}/${architecture}`;
}

/** Where the command is to be run, and in which shell unless it is a POSIX one. */
const onNode = (snapshot: OnNode): string =>
  `on node ${snapshot.pod.node ?? '?'}${onWindows(snapshot) ? ' (PowerShell)' : ''}`;

export const kubeletState = (snapshot: OnNode): NextStep => ({
  command: onWindows(snapshot) ? powerShell`Get-Service kubelet` : shell`systemctl status kubelet`,
  when: onNode(snapshot),
});

/** The runtime's log. Distributions that embed containerd have it in a file, not in the journal. */
export function runtimeLog(snapshot: OnNode): NextStep {
  const when = `${onNode(snapshot)}: the log of the container runtime`;
  if (onWindows(snapshot)) return { command: powerShell`Get-WinEvent -LogName Application -MaxEvents 50`, when };
  const runtime = snapshot.node?.system.runtime ?? '';
  if (runtime.includes('k3s')) {
    return { command: shell`tail -n 200 /var/lib/rancher/k3s/agent/containerd/containerd.log`, when };
  }
  const [, scheme] = /^([\w-]+):\/\//.exec(runtime) ?? [];
  // journalctl passes over units that do not exist.
  const units = UNITS.get(scheme ?? '') ?? shellPart`-u containerd -u crio`;
  return { command: shell`journalctl ${units} --since -10min`, when };
}

const UNITS: ReadonlyMap<string, ShellPart> = new Map([
  ['containerd', shellPart`-u containerd`],
  ['cri-o', shellPart`-u crio`],
  ['docker', shellPart`-u docker -u cri-docker`],
]);

type Tag = (parts: TemplateStringsArray, ...values: readonly (string | readonly string[])[]) => ShellCommand;

/** A command of crictl, in the shell of the node. */
const crictl = (snapshot: OnNode, write: (tag: Tag, program: string) => ShellCommand): ShellCommand =>
  onWindows(snapshot) ? write(powerShell, 'crictl.exe') : write(shell, 'crictl');

/** Sandboxes of the pod that the runtime has, earlier attempts included. */
export const listSandboxes = (snapshot: OnNode): NextStep => ({
  command: crictl(
    snapshot,
    (tag, program) => tag`${program} pods --namespace ${snapshot.pod.namespace} --name ${snapshot.pod.name}`,
  ),
  when: `${onNode(snapshot)}: its sandboxes`,
});

export const listContainers = (snapshot: OnNode, container: string): NextStep => ({
  command: crictl(snapshot, (tag, program) => tag`${program} ps -a --name ${container}`),
  when: `${onNode(snapshot)}: its attempts`,
});

/** State of the runtime and its network, with the network configuration that it has loaded. */
export const runtimeInfo = (snapshot: OnNode): NextStep => ({
  command: crictl(snapshot, (tag, program) => tag`${program} info`),
  when: `${onNode(snapshot)}: runtime and network state`,
});

export const diskUse = (snapshot: OnNode): NextStep => ({
  command: onWindows(snapshot) ? powerShell`Get-PSDrive -PSProvider FileSystem` : shell`df -h ${imageFolder(snapshot)}`,
  when: `${onNode(snapshot)}: how full is the disk?`,
});

function imageFolder({ node }: OnNode): string {
  const runtime = node?.system.runtime ?? '';
  if (runtime.startsWith('cri-o')) return '/var/lib/containers';
  if (runtime.includes('k3s')) return '/var/lib/rancher';
  return runtime.startsWith('containerd') ? '/var/lib/containerd' : '/var/lib';
}

export const removeUnusedImages = (snapshot: OnNode): NextStep => ({
  command: crictl(snapshot, (tag, program) => tag`${program} rmi --prune`),
  when: `${onNode(snapshot)}: removes images that no container uses`,
});

export const pullByHand = (snapshot: OnNode, image: string): NextStep => ({
  command: crictl(snapshot, (tag, program) => tag`${program} pull ${image}`),
  when: onNode(snapshot),
});
