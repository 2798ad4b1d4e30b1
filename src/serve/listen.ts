import type { AddressInfo, Server } from 'node:net';
import { ExitCode, TraceCommandError } from '../errors.ts';
import type { Connections } from './connections.ts';

export interface Address {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** A port that is listened on. */
export interface Listener {
  /** `127.0.0.1:4317` */
  readonly address: string;
  /** Takes no new connections, closes those that are idle, and resolves when the others have ended. */
  close(): Promise<void>;
  /** Ends the others. */
  abort(): void;
}

/** Throws TraceCommandError when the address cannot be listened on. */
export async function listen(server: Server, { host, port }: Address, connections: Connections): Promise<Listener> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(`${host}:${port}`, cause)));
    server.listen({ host, port }, resolve);
  });
  const bound = server.address() as AddressInfo;
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return {
    address: `${name}:${bound.port}`,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.closeIdle();
      return closed;
    },
    abort: () => connections.closeAll(),
  };
}

function cannotListen(address: string, cause: NodeJS.ErrnoException): TraceCommandError {
  const used = cause.code === 'EADDRINUSE';
  const message = `cannot listen on ${address}: ${used ? 'another program does' : cause.message}`;
  const hint = 'end that program, or choose another address: kubectl trace serve --help';
  return new TraceCommandError(ExitCode.requestFailed, 'CannotListen', message, { cause, ...(used && { hint }) });
}
