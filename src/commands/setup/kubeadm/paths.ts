import type { PodTracing } from '../../../control-plane/kubeadm/static-pod.ts';

/** Components with a manifest, in the order of their change. */
export const COMPONENTS = ['etcd', 'kube-apiserver'] as const;

export const KUBERNETES = '/etc/kubernetes';
const MANIFESTS = `${KUBERNETES}/manifests`;

/** Backups and the journal. Not in the folder of manifests, where the kubelet starts every file without a leading dot. */
export const STATE = `${KUBERNETES}/kubectl-trace`;
/** The lock of the process that changes the node. */
export const LOCK = `${STATE}/lock`;
export const JOURNAL = `${STATE}/journal.json`;

export const ADMIN_KUBECONFIG = `${KUBERNETES}/admin.conf`;
/** The credential of system:masters, which kubeadm writes since 1.29 on the first node. */
export const SUPER_ADMIN_KUBECONFIG = `${KUBERNETES}/super-admin.conf`;

export const manifestPath = (component: PodTracing['component']): string => `${MANIFESTS}/${component}.yaml`;
export const backupPath = (component: PodTracing['component']): string => `${STATE}/${component}.yaml`;

/**
 * Beside the file that it will replace, so that the rename stays within one file system. The kubelet skips names with a leading dot.
 */
export function stagedPath(path: string, what: 'new' | 'old'): string {
  const slash = path.lastIndexOf('/');
  return `${path.slice(0, slash)}/.${path.slice(slash + 1)}.kubectl-trace-${what}`;
}
