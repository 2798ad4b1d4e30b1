import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { PodTracing } from '../../src/control-plane/kubeadm/static-pod.ts';

const folder = new URL('../fixtures/kubeadm/', import.meta.url);

/** Versions of kubeadm whose files `npm run rehearse:kubeadm` has recorded. */
export const recordedKubeadms: readonly string[] = readdirSync(folder).filter((name) => /^\d/.test(name));

/** A file that kubeadm of this version wrote; `.traced` for one from a configuration with the flags of tracing. */
export const kubeadmFile = (version: string, name: string): string =>
  readFileSync(new URL(`${version}/${name}.yaml`, folder), 'utf8');

/** Whether it has a recorded kubeadm-config: phases alone write none. */
export const hasConfiguration = (version: string): boolean =>
  existsSync(new URL(`${version}/ClusterConfiguration.yaml`, folder));

export const ENDPOINT = '127.0.0.1:4317';

export const apiserverTracing: PodTracing = {
  component: 'kube-apiserver',
  flags: [['tracing-config-file', '/etc/kubernetes/tracing/config.yaml']],
  folder: { name: 'tracing', path: '/etc/kubernetes/tracing' },
};

/** The flags of etcd have had their present names since 3.6, which kubeadm has from 1.34 on. */
export function etcdTracing(kubeadm: string): PodTracing {
  const prefix = Number(kubeadm.split('.')[1]) < 34 ? 'experimental-' : '';
  return {
    component: 'etcd',
    flags: [
      [`${prefix}enable-distributed-tracing`, 'true'],
      [`${prefix}distributed-tracing-address`, ENDPOINT],
      [`${prefix}distributed-tracing-service-name`, 'etcd'],
    ],
  };
}

export const tracedPods = (kubeadm: string): readonly PodTracing[] => [etcdTracing(kubeadm), apiserverTracing];
