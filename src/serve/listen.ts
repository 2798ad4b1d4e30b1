import type { AddressInfo, Server } from 'node:net';
import { ExitCode, TraceCommandError } from '../errors.ts';
import type { Connections } from './connections.ts';
import type { TLSLayer } from './tls.ts';
import { closeToOthers, prepareSocket, type SocketAddress } from './unix-socket.ts';
import { programName } from '../format/program-name.ts';

export interface Address {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** A port or a unix socket that is listened on. */
export interface Listener {
  /** `127.0.0.1:4317`, or `unix:` and the path of a socket. */
  readonly address: string;
  /** Takes no new connections, closes those that are idle, and resolves when the others have ended. */
  close(): Promise<void>;
  /** Ends the others. */
  abort(): void;
  /** Uses a renewed certificate for new connections. */
  renew(): void;
}

/** Throws TraceCommandError when the address cannot be listened on. */
export async function listen(
  server: Server,
  address: Address | SocketAddress,
  { connections, tls }: { readonly connections: Connections; readonly tls: TLSLayer | undefined },
): Promise<Listener> {
  if ('path' in address) await prepareSocket(address);
  const name = 'path' in address ? `unix:${address.path}` : `${address.host}:${address.port}`;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(name, cause)));
    server.listen('path' in address ? { path: address.path } : address, resolve);
  });
  if ('path' in address) closeToOthers(address.path);
  return {
    address: 'path' in address ? name : nameOf(server.address() as AddressInfo),
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.closeIdle();
      return closed;
    },
    abort: () => connections.closeAll(),
    renew: () => tls?.renew(),
  };
}

const nameOf = ({ family, address, port }: AddressInfo): string =>
  `${family === 'IPv6' ? `[${address}]` : address}:${port}`;

function cannotListen(address: string, cause: NodeJS.ErrnoException): TraceCommandError {
  const used = cause.code === 'EADDRINUSE';
  const message = `cannot listen on ${address}: ${used ? 'the address is already in use' : cause.message}`;
  const hint = `end that program, or choose another address: ${programName()} serve --help`;
  return new TraceCommandError(ExitCode.requestFailed, 'CannotListen', message, { cause, ...(used && { hint }) });
}
