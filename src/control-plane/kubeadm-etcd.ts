import { parseVersion, type Version } from './version.ts';

/**
 * The etcd of kubeadm by minor version of Kubernetes, where the cluster does not show its own: DefaultEtcdVersion in
 * cmd/kubeadm/app/constants/constants.go of a late patch release. Earlier patch releases may have an earlier one.
 */
const BY_MINOR: Readonly<Record<number, string>> = {
  22: '3.5.6',
  23: '3.5.6',
  24: '3.5.6',
  25: '3.5.9',
  26: '3.5.10',
  27: '3.5.12',
  28: '3.5.15',
  29: '3.5.12',
  30: '3.5.15',
  31: '3.5.24',
  32: '3.5.24',
  33: '3.5.24',
  34: '3.6.5',
  35: '3.6.6',
  36: '3.6.8',
  37: '3.7.0',
};

/** Versions that are newer than the table have the newest etcd. */
export function kubeadmEtcd({ minor }: Version): Version | undefined {
  const text = BY_MINOR[minor] ?? (minor > 37 ? BY_MINOR[37] : undefined);
  return text === undefined ? undefined : parseVersion(text);
}
