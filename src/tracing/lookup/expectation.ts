import type { RequestExpectation, Verb } from '../../analysis/completeness/request-expectation.ts';
import { beginsWithList } from '../../kube/api/stream.ts';
import { isAdmitted, isConnection } from '../../kube/api/webhook-rules.ts';
import type { RequestReport } from '../../report/report.ts';
import type { TraceID } from '../../trace/ids.ts';

/** Input of the completeness check. `traceID` is the command's. Null when there was no response. */
export function requestExpectation(
  request: RequestReport,
  traceID: TraceID,
  { serverMinor, unconverted }: Pick<RequestExpectation, 'serverMinor' | 'unconverted'>,
): RequestExpectation | null {
  const { status } = request;
  if (status === null) return null;
  const query = new URLSearchParams(request.query);
  return {
    traceID,
    spanID: request.spanID,
    auditID: request.auditID,
    verb: verbOf(request, query),
    path: request.path,
    group: request.group,
    resource: request.resource,
    subresource: request.subresource,
    resourceVersion: query.get('resourceVersion') ?? '',
    initialEvents: beginsWithList(request),
    dryRun: request.dryRun ?? query.has('dryRun'),
    boundObject: request.boundObject ?? null,
    unconverted,
    status,
    // The header that names it is in every response to a request that has passed API Priority and Fairness.
    prioritized: request.priorityLevel !== null,
    serverMinor,
    webhooks: isAdmitted(request) ? (request.webhooks?.map(({ name }) => name) ?? null) : [],
    webhooksMayRepeat: request.webhooks?.some(({ reinvocationPolicy }) => reinvocationPolicy === 'IfNeeded') ?? false,
  };
}

/** The API server's verbs: k8s.io/apiserver pkg/endpoints/request/requestinfo.go. */
function verbOf(request: RequestReport, query: URLSearchParams): Verb {
  if (isConnection(request)) return 'connect';
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
