/** A version of Kubernetes, etcd, the kubelet or containerd. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/**
 * Reads a version at the start of a text or behind a `v`: `v1.33.1-gke.100`, `v1.31.4+k3s1`, `3.5.21-0` (the tag of
 * kubeadm's etcd image). Undefined for a text without one.
 */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch] = /^v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,6}))?/.exec(text) ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor), patch: Number(patch ?? 0) };
}

/** The version in the tag of an image: `registry.k8s.io/etcd:3.6.4-0`, `host:5000/kube-apiserver:v1.37.2@sha256:…`. */
export function imageVersion(image: string): Version | undefined {
  const name = image.replace(/@.*$/, '');
  const tag = name.slice(name.lastIndexOf('/') + 1).split(':')[1];
  return tag === undefined ? undefined : parseVersion(tag);
}

/** Whether a version is `text`, such as `1.27` or `3.5.11`, or later. */
export function isAtLeast(version: Version, text: string): boolean {
  const other = parseVersion(text);
  if (other === undefined) throw new Error(`${text} is not a version`);
  return (version.major - other.major || version.minor - other.minor || version.patch - other.patch) >= 0;
}

/** `1.37.2`. */
export const formatVersion = ({ major, minor, patch }: Version): string => `${major}.${minor}.${patch}`;
