import type { Exchange, KubeRequest, TransportError } from './exchange.ts';

/** Go's http.Client sends this many requests in a row at most. */
const MAX_REQUESTS = 10;

/** How redirects are followed. */
export interface Following {
  /** Sends a request to an address. `trusted` says whether the credentials may go with it. */
  readonly sendTo: (request: KubeRequest, url: URL, trusted: boolean) => Promise<Exchange>;
  /** Takes each exchange that is not the last. */
  readonly onFollow: (exchange: Exchange) => void;
}

/**
 * Follows the redirects of a response as kubectl does (Go's net/http, client.go), each with its own request. Unlike
 * kubectl, which sends the credentials of the kubeconfig to every host that a redirect names, other origins get none of
 * them, and no writes; and a write does not become a read. A redirect that is not followed is the error of its
 * exchange. `server` is where the first request went.
 */
export async function followRedirects(
  first: Exchange,
  server: string,
  { sendTo, onFollow }: Following,
): Promise<Exchange> {
  const { origin } = new URL(server);
  let exchange = first;
  let address = new URL(`${server}${first.request.path}`);
  let trusted = true;
  for (let sent = 1; isRedirect(exchange); sent++) {
    const { request } = exchange;
    const url = targetOf(exchange, address);
    if (!(url instanceof URL)) return { ...exchange, error: url };
    trusted &&= url.origin === origin;
    const refusal = refusalOf(exchange, url, trusted) ?? (sent >= MAX_REQUESTS ? TOO_MANY : undefined);
    if (refusal !== undefined) return { ...exchange, error: refusal };
    onFollow(exchange);
    exchange = await sendTo({ ...request, path: url.pathname, query: [...url.searchParams] }, url, trusted);
    address = url;
  }
  return exchange;
}

const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Without a Location it is a response like any other. */
const isRedirect = ({ status, headers, error }: Exchange): boolean =>
  error === null && STATUSES.has(status ?? 0) && (headers['location'] ?? '') !== '';

function targetOf({ headers }: Exchange, address: URL): URL | TransportError {
  const location = headers['location'] ?? '';
  const url = URL.parse(location, address);
  if (url === null) return unfollowed(`failed to parse Location header ${JSON.stringify(location)}`);
  const scheme = url.protocol.replace(/:$/, '');
  return /^https?$/.test(scheme) ? url : unfollowed(`unsupported protocol scheme ${JSON.stringify(scheme)}`);
}

function refusalOf({ request, status }: Exchange, url: URL, trusted: boolean): TransportError | undefined {
  if (request.method === 'GET' || request.method === 'HEAD') return undefined;
  if (!trusted) {
    return unfollowed(
      `${request.method} was redirected to ${url.origin}`,
      'a write is not sent to another host: use its address as the server',
    );
  }
  if (status === 307 || status === 308) return undefined;
  return unfollowed(
    `${request.method} was redirected with ${status}, which makes a GET of it`,
    'nothing was written; the address of the server may have to be another one',
  );
}

function unfollowed(
  why: string,
  hint = 'the server redirected the request to an address that cannot be used',
): TransportError {
  return { reason: 'RedirectNotFollowed', message: `Unable to connect to the server: ${why}`, hint };
}

const TOO_MANY = unfollowed(`stopped after ${MAX_REQUESTS} redirects`, 'the server redirects the request in a circle');
