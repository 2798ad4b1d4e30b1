import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Whether a request that came in over the loopback interface names the host as such. A web page elsewhere can give a
 * name of its own this machine's address and then read what is answered (DNS rebinding), but not choose the name.
 */
export function isForThisHost({ socket, headers }: IncomingMessage): boolean {
  if (!isLoopback(socket.localAddress ?? '')) return true;
  const { host = '' } = headers;
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return name === '' || isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost');
}

/** 127.0.0.0/8 and ::1, also as IPv6 writes an IPv4 address. */
export const isLoopback = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);
