import { kubeletConfiguration, nodeName, registryHost } from '../cluster/node/commands.ts';
import type { KubeadmVersion } from './programs.ts';

/** The machine has its own network: its address, and the port of its registry. */
export const network = '10.213.0';
export const address = `${network}.1`;
export const bridge = 'kt0';
export const registryPort = 5000;
/** Ports of Jaeger on the machine's loopback: the usual ones, since no other program listens there. */
export const ports = { otlpGRPC: 4317, otlpHTTP: 4318, jaeger: 16_686 } as const;

/** `kubeadm init --config`: what a person would write, and the images that the registry has. */
export function kubeadmConfiguration({ kubernetes, etcd }: KubeadmVersion): string {
  return [
    'apiVersion: kubeadm.k8s.io/v1beta4',
    'kind: InitConfiguration',
    'localAPIEndpoint:',
    `  advertiseAddress: ${address}`,
    'nodeRegistration:',
    `  name: ${nodeName}`,
    '  criSocket: unix:///run/node/containerd.sock',
    '  taints: []',
    '---',
    'apiVersion: kubeadm.k8s.io/v1beta4',
    'kind: ClusterConfiguration',
    `kubernetesVersion: v${kubernetes}`,
    `imageRepository: ${registryHost}`,
    // Small keys are made quickly.
    'encryptionAlgorithm: ECDSA-P256',
    'etcd:',
    '  local:',
    '    dataDir: /var/lib/etcd',
    `    imageTag: ${etcd.version}-0`,
    '',
  ].join('\n');
}

/** Images that kubeadm's manifests name, and the program that each of them has. */
export const imagesOf = ({
  kubernetes,
  etcd,
}: KubeadmVersion): readonly (readonly [tag: string, program: string])[] => [
  [`etcd:${etcd.version}-0`, 'etcd'],
  ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
    (name) => [`${name}:v${kubernetes}`, name] as const,
  ),
];

/** The kubelet's configuration with the folder of static pods. It traces nothing. */
export function staticPodKubelet(cgroup: string): unknown {
  const { tracing: _, ...common } = kubeletConfiguration(
    { ...ports, etcd: 0, apiserver: 0 },
    { cgroup, network, bridge },
  ) as { tracing: unknown };
  return {
    ...common,
    staticPodPath: '/etc/kubernetes/manifests',
    healthzBindAddress: '127.0.0.1',
    healthzPort: 10_248,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' },
    },
  };
}

export const kubeletArguments: readonly string[] = [
  '--config=/run/node/kubelet.json',
  '--kubeconfig=/etc/kubernetes/kubelet.conf',
  `--hostname-override=${nodeName}`,
  `--node-ip=${address}`,
  '--root-dir=/run/node/kubelet',
  '--cert-dir=/run/node/kubelet-certificates',
];
