import type { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';

/**
 * Makes the connection below TLS before anything else is prepared. Node.js would prepare the request and TLS while the
 * connection is being made, and report it when that is done, which takes milliseconds in a new process:
 *
 *     as Node.js does it   connect |-x------prepare------| reported      x: it is connected
 *     here                 connect |-x| reported |------prepare------|
 *
 * Rejects with the error of the connection, or when `signal` is aborted.
 */
export function connectTCP(
  address: { readonly hostname: string; readonly port: number },
  signal: AbortSignal,
  watch: (socket: Socket) => void,
): Promise<Socket> {
  const { hostname: host, port } = address;
  return new Promise((resolve, reject) => {
    // As the agent of the requests has it.
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 });
    watch(socket);
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', reject);
      // From now on its errors are those of the TLS connection above it.
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

/** Whether the agent has a connection that waits for a request. */
export const hasFreeConnection = ({ freeSockets }: Agent): boolean =>
  Object.values(freeSockets).some((sockets) => (sockets?.length ?? 0) > 0);
