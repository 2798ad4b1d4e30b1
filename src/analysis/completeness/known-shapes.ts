import type { RequestExpectation, Verb } from './request-expectation.ts';
import type { ServerSpans } from './server-spans.ts';

/** The handler's span by verb: k8s.io/apiserver pkg/endpoints/handlers/{get,create,update,patch,delete}.go. */
export const HANDLER: Readonly<Partial<Record<Verb, string>>> = {
  get: 'Get',
  list: 'List',
  create: 'Create',
  update: 'Update',
  patch: 'Patch',
  delete: 'Delete',
  deletecollection: 'Delete',
};

export const HANDLER_NAMES: ReadonlySet<string> = new Set(Object.values(HANDLER));

/** Spans of subresources and of custom resources are known of these versions: test/fixtures/recorded/. */
const FIRST_KNOWN_MINOR = 32;
const LAST_KNOWN_MINOR = 37;

const isKnownMinor = ({ serverMinor }: RequestExpectation): boolean =>
  serverMinor !== null && serverMinor >= FIRST_KNOWN_MINOR && serverMinor <= LAST_KNOWN_MINOR;

/** The API groups that kube-apiserver serves itself; types of others may be converted by a webhook, or come from elsewhere. */
const BUILT_IN_GROUPS = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'apps',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'networking.k8s.io',
  'node.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
  'storagemigration.k8s.io',
]);

export const isBuiltIn = (group: string): boolean => BUILT_IN_GROUPS.has(group);

/** Paths whose handlers have no span, and write their response without one. */
const BARE_PATH =
  /^\/(?:version|metrics|healthz|livez|readyz|openid\/v1\/jwks|\.well-known\/openid-configuration|openapi\/v2|openapi\/v3|openapi\/v3\/(?:api|api\/v1|apis|version))$/;
const HEALTH_PATH = /^\/(?:healthz|livez|readyz)(?:\/|$)/;

/** The document of a group is written by the server of that group (k8s.io/kube-aggregator pkg/controllers/openapiv3). */
const GROUP_DOCUMENT = /^\/openapi\/v3\/apis\/([^/]+)(?:\/[^/]+)?$/;

function isBarePath(path: string): boolean {
  const group = GROUP_DOCUMENT.exec(path)?.[1];
  return BARE_PATH.test(path) || HEALTH_PATH.test(path) || (group !== undefined && isBuiltIn(group));
}

/** A failing health check is such a response too; a refusal of a filter is an object, and has its span. */
export const isBare = ({ path, status }: RequestExpectation): boolean =>
  isBarePath(path) && (status < 400 || (status >= 500 && HEALTH_PATH.test(path)));

/** Paths that are no resources, and whose spans are known. */
export const isKnownPath = ({ path }: RequestExpectation): boolean => /^\/apis?(?:\/|$)/.test(path) || isBarePath(path);

/** Both the pod and its node are read (pkg/registry/core/pod/strategy.go, streamLocation). Known of this version alone. */
export const isPodConnection = ({ resource, subresource, status, serverMinor }: RequestExpectation): boolean =>
  serverMinor === 37 &&
  status < 400 &&
  resource === 'pods' &&
  (subresource === 'attach' || subresource === 'exec' || subresource === 'portforward');

export const isPod = ({ group, resource }: RequestExpectation): boolean => group === '' && resource === 'pods';

/** How far a refused log came is not known: to the pod, or to its node as well. */
export const isLog = ({ subresource, status }: RequestExpectation): boolean => subresource === 'log' && status < 400;

/**
 * Subresources that are a part of the stored object: read from it, and written with it (StatusREST and ScaleREST of
 * pkg/registry, EphemeralContainersREST of pkg/registry/core/pod/storage/storage.go). Claims may read their namespace too
 * (pkg/registry/resource/resourceclaim/strategy.go).
 */
export function isPartOfObject(expectation: RequestExpectation): boolean {
  const { verb, group, subresource } = expectation;
  const isPart =
    subresource === 'scale' ||
    (subresource === 'status' && group !== 'resource.k8s.io') ||
    (subresource === 'ephemeralcontainers' && isPod(expectation));
  return isPart && isKnownMinor(expectation) && (verb === 'get' || verb === 'update' || verb === 'patch');
}

/**
 * A token is not stored. Its account is read, and what it is bound to (pkg/registry/core/serviceaccount/storage/token.go).
 */
export const isToken = (expectation: RequestExpectation): boolean =>
  expectation.subresource === 'token' && expectation.resource === 'serviceaccounts' && isKnownMinor(expectation);

const isCountedToken = (expectation: RequestExpectation): boolean =>
  isToken(expectation) && expectation.boundObject === false && (expectation.status < 300 || expectation.status === 404);

/** Why the spans of such a request are not known, in words for people; undefined where they are. */
export function unknownShapeOf(expectation: RequestExpectation): string | undefined {
  const { group, verb, subresource } = expectation;
  if (group !== null && !isBuiltIn(group) && !(expectation.unconverted === true && isKnownMinor(expectation)))
    return `types of ${group} may be converted by a webhook, or served elsewhere: calls cannot be counted`;
  if (subresource === 'proxy') return 'the proxied server may report spans too, which cannot be counted';
  const isKnown =
    subresource === null ||
    (isLog(expectation) && isKnownMinor(expectation)) ||
    isPodConnection(expectation) ||
    isPartOfObject(expectation) ||
    isCountedToken(expectation);
  if (!isKnown) return `what the subresource ${subresource} calls cannot be counted`;
  return verb === 'other' && !isKnownPath(expectation) ? 'the calls behind this path are not known' : undefined;
}

/**
 * Refused by a filter, which responds in the handler's place: nothing was admitted. Before 1.33 the response does not
 * show it.
 */
export function isRefusedBefore({ spans }: ServerSpans, { status, serverMinor }: RequestExpectation): boolean {
  return status >= 400 && (serverMinor ?? 0) >= 33 && !spans.some(({ name }) => HANDLER_NAMES.has(name));
}
