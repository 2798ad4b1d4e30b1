import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Why a request may come from a foreign web page; undefined when it does not. A page elsewhere can give its own name
 * this machine's address (DNS rebinding), but not choose the name, and a browser says where a request comes from.
 * `mayNavigate`: following a link to a page here is fine, as what it shows stays here; a frame of a page elsewhere is not.
 */
export function webPageProblem(request: IncomingMessage, { mayNavigate = false } = {}): string | undefined {
  const { headers } = request;
  if (!isForThisHost(request)) return 'this name of the host is not known here: use localhost or an IP address';
  const site = headers['sec-fetch-site'];
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  const isNavigation = mayNavigate && isLink && request.method === 'GET';
  if (site !== undefined && site !== 'none' && site !== 'same-origin' && !isNavigation) {
    return 'requests of web pages from elsewhere are not served here';
  }
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host ?? ''}`) {
    return 'requests of web pages from elsewhere are not served here';
  }
  return undefined;
}

/** Whether a request that came in over the loopback interface names the host as such. */
function isForThisHost({ socket, headers }: IncomingMessage): boolean {
  // A unix socket has no address.
  if (!isLoopback(socket.localAddress ?? '')) return true;
  const { host = '' } = headers;
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return name === '' || isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost');
}

/** 127.0.0.0/8 and ::1, also as IPv6 writes an IPv4 address. */
const isLoopback = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);
