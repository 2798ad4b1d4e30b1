import type { KubeRequest } from '../http/exchange.ts';

type ResourceParts = Pick<KubeRequest, 'group' | 'version' | 'resource' | 'subresource' | 'namespace' | 'name'>;

export const NO_RESOURCE: ResourceParts = {
  group: null,
  version: null,
  resource: null,
  subresource: null,
  namespace: null,
  name: null,
};

/** Subresources of a namespace, which are no resources in it. */
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);

/**
 * The resource that a path names, read as the API server reads it (k8s.io/apiserver
 * pkg/endpoints/request/requestinfo.go); the ancient `/watch/` and `/proxy/` forms are left unread. `path` is
 * percent-encoded.
 */
export function resourceParts(path: string): ResourceParts {
  const [prefix, ...rest] = path.replace(/^\/+|\/+$/g, '').split('/');
  const groupless = prefix === 'api';
  if (!groupless && prefix !== 'apis') return NO_RESOURCE;
  const [group, version, ...parts] = groupless ? ['', ...rest] : rest;
  if (group === undefined || version === undefined || parts.length === 0 || parts[0] === '') return NO_RESOURCE;
  if (parts[0] === 'watch' || parts[0] === 'proxy') return NO_RESOURCE;
  const about = parts.map(decoded);
  let namespace: string | null = null;
  if (about[0] === 'namespaces' && about[1] !== undefined) {
    namespace = about[1];
    if (about[2] !== undefined && !NAMESPACE_SUBRESOURCES.has(about[2])) about.splice(0, 2);
  }
  const [resource = null, name = null, subresource = null] = about;
  // A namespace is not in itself; for admission it is (see webhook-rules.ts).
  return { group, version, resource, subresource, namespace: resource === 'namespaces' ? null : namespace, name };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
