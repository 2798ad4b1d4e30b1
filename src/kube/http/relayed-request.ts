import type { KubeRequest, Purpose } from './exchange.ts';
import { NO_RESOURCE, resourceParts } from '../api/request-info.ts';

/** A request of another client by what is known of it: its method, and its path with its query. */
export function relayedRequest(method: string, target: string): KubeRequest {
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  const about = resourceParts(path);
  return {
    purpose: purposeOf(method, path, about.resource),
    method,
    path,
    query: [...new URLSearchParams(query)],
    headers: {},
    ...NO_RESOURCE,
    ...about,
  };
}

/** Requests by which clients learn the server's types and its version. */
const DISCOVERY = /^\/(apis?|openapi|swagger[^/]*|version)(\/|$)/;

function purposeOf(method: string, path: string, resource: string | null): Purpose {
  return (method === 'GET' || method === 'HEAD') && resource === null && DISCOVERY.test(path) ? 'discovery' : 'request';
}
