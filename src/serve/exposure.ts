import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { ExitCode, TraceCommandError, UsageError } from '../errors.ts';
import type { Address } from './listen.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether only this machine reaches the address: 127.0.0.0/8 and ::1, also as IPv6 writes an IPv4 address. */
export function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Finds the address of a name, as the system does. */
export type Resolve = (host: string) => Promise<string>;

const systemResolve: Resolve = async (host) => (await lookup(host)).address;

/**
 * The address that is listened on. A name is resolved once, so that the address which is judged is the one that is used.
 * Rejects with a TraceCommandError for an address beyond loopback without TLS and a token, and for an unknown name.
 */
export async function permittedAddress(
  address: Address,
  { isSecured, resolve = systemResolve }: { readonly isSecured: boolean; readonly resolve?: Resolve },
): Promise<Address> {
  const { host, port } = address;
  const found = isIP(host) === 0 ? await resolve(host).catch((error: Error) => unknownName(host, error)) : host;
  if (isSecured || isLoopback(found)) return { host: found, port };
  const name = `${found.includes(':') ? `[${found}]` : found}:${port}`;
  const message = `refusing to listen on ${name} without TLS and a token: every client that reaches this address could send spans and read them`;
  throw new UsageError('TLSRequired', message, {
    hint: 'give --tls-cert-file, --tls-private-key-file and --token-file, or listen on 127.0.0.1',
  });
}

function unknownName(host: string, cause: Error): never {
  throw new TraceCommandError(ExitCode.requestFailed, 'CannotListen', `cannot listen on ${host}: ${cause.message}`, {
    cause,
  });
}
