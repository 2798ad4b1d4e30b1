import { programName } from '../../format/program-name.ts';
import { noPart, shell, shellPart, type ShellPart } from '../../format/shell-command.ts';
import type { Exchange, KubeRequest } from '../http/exchange.ts';
import { statusOf, type Status } from './status.ts';

/**
 * Kubernetes requires a permission for each part of the identity (k8s.io/apiserver
 * pkg/endpoints/filters/impersonation); since 1.36 also in constrained forms, which allow impersonation only for
 * certain requests (KEP-5284).
 */
const IMPERSONATION_HINT =
  'the authenticated user needs the verb impersonate on users, groups, and userextras/KEY and uids of group ' +
  'authentication.k8s.io where they are sent; since 1.36 also the constrained verbs impersonate:user-info and ' +
  'impersonate-on:user-info:VERB';

/** `setup identity` grants these to a tracer user. */
const impersonationHint = (): string =>
  `${IMPERSONATION_HINT}; for --tracer-user, ${programName()} setup identity grants them`;

/** The authenticated user may not act as the other one, whatever that one may do. */
export const isImpersonationRefused = ({ status, body }: Pick<Exchange, 'status' | 'body'>): boolean =>
  status === 403 && /\bimpersonate\b/.test(Buffer.from(body).toString());

/** The next step after an HTTP status; undefined without a general one. */
export function failureHint(exchange: Exchange, contextName: string | null): string | undefined {
  const { request, status, headers } = exchange;
  const flag = contextName === null ? noPart : shellPart` --context ${contextName}`;
  if (isImpersonationRefused(exchange)) return impersonationHint();
  switch (status) {
    case 400:
      return wantsTLS(exchange) ? 'the server speaks TLS: write https:// in its address' : undefined;
    case 401:
      return contextName === null
        ? 'the server refused the credentials: log in again, or give others'
        : `the server refused the credentials of context "${contextName}": log in again, or choose another with --context`;
    case 403:
      return `what you may do: ${shell`kubectl${flag} auth can-i --list${inNamespace(request.namespace)}`}`;
    case 404:
      return notFoundHint(request, statusOf(exchange), flag);
    case 409:
      return headersSay(request, 'application/apply-patch+yaml')
        ? 'others own these fields; --force-conflicts takes them over'
        : undefined;
    case 429:
      return `the server is busy; try again ${retryTime(headers)}`;
    case 503:
      return headers['retry-after'] === undefined
        ? undefined
        : `the server is not available; try again ${retryTime(headers)}`;
    default:
      return undefined;
  }
}

/** In the words of Go's net/http, of nginx and of Apache. */
const wantsTLS = ({ body }: Pick<Exchange, 'body'>): boolean =>
  /HTTP request (?:was sent )?to (?:an )?HTTPS (?:server|port)|speaking plain HTTP to an SSL/i.test(
    Buffer.from(body.subarray(0, 4096)).toString(),
  );

/** `Retry-After` is seconds or a date (RFC 9110 §10.2.3), which is by the server's clock. */
function retryTime(headers: Exchange['headers']): string {
  const after = headers['retry-after'] ?? '';
  const isDate = /^[A-Z][a-z]+,? /.test(after);
  const wait = isDate ? (Date.parse(after) - Date.parse(headers['date'] ?? '')) / 1000 : Number(after || NaN);
  if (wait > 0) return `in ${Math.ceil(wait)} s`;
  if (isDate && Number.isNaN(wait) && !Number.isNaN(Date.parse(after))) return `after ${new Date(after).toUTCString()}`;
  return wait <= 0 ? 'now' : 'later';
}

function notFoundHint(
  { resource, namespace, name }: KubeRequest,
  { kind, name: missing }: Status,
  flag: ShellPart,
): string | undefined {
  if (resource === null) return undefined;
  // An object cannot be created where there is no namespace: the server names that, and not the object.
  if (kind === 'namespaces' && resource !== 'namespaces') {
    return `the namespace ${JSON.stringify(missing)} does not exist: ${shell`kubectl${flag} get namespaces`}`;
  }
  if (name === null) return 'the server no longer has this type: kubectl api-resources lists what it has';
  return `what there is: ${shell`kubectl${flag} get ${resource}${inNamespace(namespace)}`}`;
}

const headersSay = ({ headers }: KubeRequest, contentType: string): boolean => headers['content-type'] === contentType;

const inNamespace = (namespace: string | null): ShellPart =>
  namespace === null ? noPart : shellPart` -n ${namespace}`;
