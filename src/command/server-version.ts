/** 37 for `v1.37.2`, `v1.37.0-gke.1` or `1.37`; null for what is not a version of Kubernetes 1. */
export function minorVersion(gitVersion: string | null): number | null {
  const minor = /^v?1\.(\d+)/.exec(gitVersion ?? '')?.[1];
  return minor === undefined ? null : Number(minor);
}
