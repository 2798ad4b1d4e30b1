import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestCluster } from '../cluster.ts';
import {
  containerdConfiguration,
  kernelSettings,
  kubeletConfiguration,
  networkConfiguration,
  nodeName,
  privateHost,
  registryHost,
  registryHosts,
} from './commands.ts';
import type { Outside } from './outside.ts';
import type { NodeExecutables } from './programs.ts';

/** Writes what the node's programs read into `folder`, and names the programs where containerd looks for them. */
export async function writeNodeFiles(
  folder: string,
  cluster: TestCluster,
  programs: NodeExecutables,
  outside: Outside,
  registryPort: number,
): Promise<void> {
  const settings = Object.entries(kernelSettings).map(([name, value]) => [`sysctl/${name}`, value] as const);
  const files: Readonly<Record<string, string>> = {
    ...Object.fromEntries(settings),
    'containerd.toml': containerdConfiguration(),
    'kubelet.json': JSON.stringify(kubeletConfiguration(cluster.ports, outside)),
    'cni-configuration/lab.conflist': JSON.stringify(networkConfiguration(outside)),
    'kubelet.kubeconfig': cluster.kubeconfigOf(`system:node:${nodeName}`, ['system:nodes']),
    'kube-controller-manager.kubeconfig': cluster.kubeconfigOf('system:kube-controller-manager', []),
    'kube-scheduler.kubeconfig': cluster.kubeconfigOf('system:kube-scheduler', []),
    ...Object.fromEntries(
      [registryHost, privateHost].map((host) => [`registries/${host}/hosts.toml`, registryHosts(host, registryPort)]),
    ),
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text, { mode: 0o600 });
  }
  await copyFile(cluster.certificateAuthority, join(folder, 'ca.crt'));
  for (const each of ['containerd', 'volume-plugins']) await mkdir(join(folder, each), { recursive: true });
  await link(folder, 'programs', programs, ['containerd-shim-runc-v2', 'runc']);
  await link(folder, 'cni', programs, ['bridge', 'host-local']);
}

async function link(
  folder: string,
  name: string,
  programs: NodeExecutables,
  names: readonly (keyof NodeExecutables)[],
): Promise<void> {
  await mkdir(join(folder, name));
  for (const each of names) await symlink(programs[each], join(folder, name, each));
}
