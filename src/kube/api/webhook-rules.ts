/** Which requests a webhook is for (RuleWithOperations of admissionregistration.k8s.io/v1). "*" is all of them. */
export interface WebhookRule {
  readonly groups: readonly string[];
  readonly versions: readonly string[];
  /** `pods`, `pods/status`, `pods/*`, `*`, or of all types: `*` and, with a slash behind it, their subresources */
  readonly resources: readonly string[];
  readonly operations: readonly string[];
  /** `Namespaced`, `Cluster` or `*` */
  readonly scope: string;
}

/** A request as admission sees it. */
export interface AdmittedRequest {
  readonly method: string;
  readonly status: number | null;
  readonly group: string | null;
  readonly version: string | null;
  readonly resource: string | null;
  readonly subresource: string | null;
  readonly namespace: string | null;
}

/** Subresources whose requests go on to a node, a pod or a service. */
const CONNECTIONS: ReadonlySet<string | null> = new Set(['attach', 'exec', 'portforward', 'proxy']);

export const isConnection = ({ subresource }: Pick<AdmittedRequest, 'subresource'>): boolean =>
  CONNECTIONS.has(subresource);

/** Reads are not, but for those that open a connection. */
export const isAdmitted = (request: Pick<AdmittedRequest, 'method' | 'subresource'>): boolean =>
  !['GET', 'HEAD', 'OPTIONS'].includes(request.method) || isConnection(request);

/** Objects of these types are not admitted by webhooks: otherwise a broken webhook could not be removed. */
const EXEMPT = /^(mutating|validating)(webhookconfigurations|admissionpolicies|admissionpolicybindings)$/;

/**
 * Whether the rules let the server call the webhook for this request. Selectors and match conditions, which can still keep
 * it from that, are not looked at. k8s.io/apiserver pkg/admission/plugin/webhook/predicates/rules/rules.go.
 */
export function rulesMatch(
  { rules, matchPolicy }: { readonly rules: readonly WebhookRule[]; readonly matchPolicy: 'Exact' | 'Equivalent' },
  request: AdmittedRequest,
): boolean {
  const { group, resource, subresource } = request;
  if (group === null || resource === null) return false;
  if (group === 'admissionregistration.k8s.io' && EXEMPT.test(resource)) return false;
  const operations = operationsOf(request);
  return rules.some(
    (rule) =>
      scopeMatches(rule.scope, request) &&
      rule.operations.some((operation) => operation === '*' || operations.includes(operation)) &&
      groupMatches(rule, request, matchPolicy) &&
      // An equivalent type is the same one in another version: which there are only the server knows.
      (matchPolicy === 'Equivalent' || includes(rule.versions, request.version ?? '')) &&
      rule.resources.some((pattern) => resourceMatches(pattern, resource, subresource ?? '')),
  );
}

/** The operation that admission sees. An object that is put or applied, and did not exist, is created. */
function operationsOf({ method, status, subresource }: AdmittedRequest): readonly string[] {
  if (isConnection({ subresource })) return ['CONNECT'];
  switch (method) {
    case 'POST':
      return ['CREATE'];
    case 'PUT':
    case 'PATCH':
      if (status === 201) return ['CREATE'];
      return status === 200 ? ['UPDATE'] : ['CREATE', 'UPDATE'];
    case 'DELETE':
      return ['DELETE'];
    default:
      return [];
  }
}

/** Namespaces have no namespace for the path, and are in themselves for admission: rules for either scope see them so. */
function scopeMatches(scope: string, { group, resource, namespace }: AdmittedRequest): boolean {
  if (scope === '*') return true;
  const namespaced = namespace !== null && !(group === '' && resource === 'namespaces');
  return scope === 'Namespaced' ? namespaced : scope === 'Cluster' && !namespaced;
}

function groupMatches(
  { groups }: WebhookRule,
  { group, resource }: AdmittedRequest,
  matchPolicy: 'Exact' | 'Equivalent',
): boolean {
  if (includes(groups, group ?? '')) return true;
  // The one type that Kubernetes has in two groups.
  return (
    matchPolicy === 'Equivalent' &&
    resource === 'events' &&
    (group === '' || group === 'events.k8s.io') &&
    (groups.includes('') || groups.includes('events.k8s.io'))
  );
}

const includes = (items: readonly string[], wanted: string): boolean => items.includes('*') || items.includes(wanted);

/** `pods` is not for its subresources, `pods/*` is for both. */
function resourceMatches(pattern: string, resource: string, subresource: string): boolean {
  const slash = pattern.indexOf('/');
  const [type, part] = slash === -1 ? [pattern, ''] : [pattern.slice(0, slash), pattern.slice(slash + 1)];
  return (type === '*' || type === resource) && (part === '*' || part === subresource);
}
