/*
 * Zipkin's server makes the names of spans and services lower case (zipkin2.Span.Builder). Names that Kubernetes and
 * etcd give their spans are known by their case, so they are given back here; others stay as they came.
 */

/** Span names of kube-apiserver 1.29 to 1.37 and etcd 3.5 to 3.7 that have a capital letter. */
const NAMES: readonly string[] = [
  'KubernetesAPI',
  'Call mutating webhook',
  'Call validating webhook',
  'Call conversion webhook',
  'SerializeObject',
  'Get',
  'List',
  'Watch',
  'Create',
  'Update',
  'Patch',
  'Delete',
  'DeleteCollection',
  'Get etcd3',
  'Create etcd3',
  'Delete etcd3',
  'GuaranteedUpdate etcd3',
  'List(recursive=true) etcd3',
  'List(recursive=false) etcd3',
  'cacher.Get',
  'cacher.GetList',
];

const BY_LOWER_CASE = new Map(NAMES.map((name) => [name.toLowerCase(), name]));

/** `GET`, `HTTP POST`, `GET /api/v1/nodes` */
const HTTP = /^(?:http )?(?:get|head|post|put|patch|delete|options|connect)(?= |$)/;

/** `tags` may hold the method of a call, whose name the span has. */
export function spanName(lowerCase: string, service: string, tags: Readonly<Record<string, unknown>>): string {
  const call = callName(tags);
  if (call?.toLowerCase() === lowerCase) return call;
  const known = service === 'apiserver' ? BY_LOWER_CASE.get(lowerCase) : undefined;
  if (known !== undefined && !isMethod(lowerCase, tags)) return known;
  return lowerCase.replace(HTTP, (method) => method.toUpperCase());
}

/** `etcdserverpb.KV/Range`, from one attribute or two: the conventions for calls changed. */
function callName({
  'rpc.service': service,
  'rpc.method': method,
}: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof method !== 'string') return undefined;
  return typeof service === 'string' ? `${service}/${method}` : method;
}

/** `get`, `patch` and `delete` are methods of HTTP and steps of a handler: only the former have one of these. */
function isMethod(lowerCase: string, tags: Readonly<Record<string, unknown>>): boolean {
  return HTTP.test(lowerCase) && ['http.request.method', 'http.method'].some((name) => typeof tags[name] === 'string');
}
