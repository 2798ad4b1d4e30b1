import type { RequestFacts, Verb } from '../analysis/completeness/facts.ts';
import type { Exchange, KubeRequest } from '../kube/exchange.ts';

/** What completeness is judged by. `serverMinor`: 37 for v1.37.2, null when not known. Null when no answer came. */
export function requestFacts(exchange: Exchange, serverMinor: number | null): RequestFacts | null {
  const { request, status } = exchange;
  if (status === null) return null;
  const query = new Map(request.query);
  return {
    traceID: exchange.context.traceID,
    spanID: exchange.context.spanID,
    auditID: exchange.auditID,
    verb: verbOf(request, query),
    path: request.path,
    group: request.group,
    resource: request.resource,
    subresource: request.subresource,
    resourceVersion: query.get('resourceVersion') ?? '',
    dryRun: query.has('dryRun'),
    status,
    prioritized: 'x-kubernetes-pf-prioritylevel-uid' in exchange.headers,
    serverMinor,
    // Reads are not admitted.
    webhooks: request.method === 'GET' ? [] : null,
  };
}

/** The API server's verbs: k8s.io/apiserver pkg/endpoints/request/requestinfo.go. */
function verbOf(request: KubeRequest, query: ReadonlyMap<string, string>): Verb {
  if (request.resource === null) return /^\/apis?(\/|$)/.test(request.path) ? 'discovery' : 'other';
  switch (request.method) {
    case 'GET':
      if (query.get('watch') === 'true' || query.get('watch') === '1') return 'watch';
      return request.name === null ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return request.name === null ? 'deletecollection' : 'delete';
    default:
      return 'other';
  }
}
