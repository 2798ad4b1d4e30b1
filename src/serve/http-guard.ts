import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ServeCredentials } from './credentials.ts';
import { isLoopback } from './exposure.ts';

/**
 * Why a request may come from a foreign web page; undefined when it does not. A page elsewhere can give its own name
 * this machine's address (DNS rebinding), but not choose the name, and a browser says where a request comes from.
 * `mayNavigate`: following a link to a page here is fine, as what it shows stays here; a frame of a page elsewhere is not.
 * `credentials`: of a server over TLS, which is known by the names of its certificate as well.
 */
export function webPageProblem(
  request: IncomingMessage,
  { mayNavigate = false, credentials }: Visit = {},
): string | undefined {
  const { headers, socket } = request;
  if (!isForThisHost(request, credentials)) {
    const names = credentials === undefined ? 'localhost' : 'a name of the certificate, localhost';
    return `this name of the host is not known here: use ${names} or an IP address`;
  }
  const site = headers['sec-fetch-site'];
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  const isNavigation = mayNavigate && isLink && request.method === 'GET';
  if (site !== undefined && site !== 'none' && site !== 'same-origin' && !isNavigation) {
    return 'requests of web pages from elsewhere are not served here';
  }
  if (
    headers.origin !== undefined &&
    headers.origin !== `${isEncrypted(socket) ? 'https' : 'http'}://${headers.host ?? ''}`
  ) {
    return 'requests of web pages from elsewhere are not served here';
  }
  return undefined;
}

interface Visit {
  readonly mayNavigate?: boolean;
  readonly credentials?: ServeCredentials | undefined;
}

const isEncrypted = (socket: IncomingMessage['socket']): boolean => (socket as Partial<TLSSocket>).encrypted === true;

/** Whether a request names the host as such, or by its certificate. */
function isForThisHost({ socket, headers }: IncomingMessage, credentials: ServeCredentials | undefined): boolean {
  // A unix socket has no address.
  if (credentials === undefined && !isLoopback(socket.localAddress ?? '')) return true;
  const { host = '' } = headers;
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  if (name === '' || isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')) return true;
  return credentials?.hasName(name) === true;
}
