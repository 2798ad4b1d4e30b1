import { executable, executablesOf, type BuildOptions } from '../cluster/build.ts';
import { nodeExecutables, type NodeExecutables } from '../cluster/node/programs.ts';
import {
  defaultKubernetes,
  earlierEtcds,
  minorOf,
  modules,
  requiredVersion,
  serversOf,
  stamp,
  stripped,
  type Program,
} from '../cluster/versions.ts';

/** Kubernetes, and the etcd that its kubeadm starts. */
export interface KubeadmVersion {
  readonly kubernetes: string;
  readonly etcd: Program;
  /** Whether `kubeadm init` runs as a whole; otherwise its phases for certificates, etcd and kube-apiserver. */
  readonly isComplete: boolean;
}

const EARLIER = requiredVersion('kubeadm-1.32', 'k8s.io/kubernetes');

const earlierEtcd = earlierEtcds.find(({ version }) => version === '3.5.21')!;

/** The newest Kubernetes, with ConfigMap and upgrade, and an earlier one whose etcd has the experimental flags. */
export const kubeadmVersions: readonly KubeadmVersion[] = [
  {
    kubernetes: defaultKubernetes,
    etcd: serversOf().find(({ name }) => name === 'etcd')!,
    isComplete: true,
  },
  { kubernetes: EARLIER, etcd: earlierEtcd, isComplete: false },
];

function kubeadm(kubernetes: string): Program {
  const isDefault = kubernetes === defaultKubernetes;
  const minor = minorOf(kubernetes);
  return {
    name: 'kubeadm',
    version: kubernetes,
    module: `${modules}kubeadm${isDefault ? '' : `-1.${minor}`}`,
    package: 'k8s.io/kubernetes/cmd/kubeadm',
    ldflags: `${stripped} ${stamp(kubernetes)}`,
    expected: '1 to 3 minutes',
    variable: `KUBECTL_TRACE_TEST_KUBEADM${isDefault ? '' : `_1_${minor}`}`,
  };
}

/** The path of each program of a machine with kubeadm. */
export type KubeadmExecutables = NodeExecutables &
  Readonly<Record<'kubeadm' | 'kube-apiserver' | 'etcd' | 'jaeger' | 'kubectl', string>>;

/** Found, or built into the cache. */
export async function kubeadmExecutables(
  { kubernetes, etcd }: KubeadmVersion,
  options: BuildOptions,
): Promise<KubeadmExecutables> {
  const servers = serversOf(kubernetes).filter(({ name }) => name !== 'etcd');
  const found = await executablesOf([...servers, kubeadm(kubernetes)], options);
  return { ...(await nodeExecutables(options)), ...found, etcd: await executable(etcd, options) } as KubeadmExecutables;
}
