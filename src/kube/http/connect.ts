import { Agent as HTTPSAgent, type AgentOptions } from 'node:https';
import type { Agent as HTTPAgent } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

/** Options of a connection that is made already. */
interface ReadyOptions {
  readonly ready?: Socket;
}

type Connected = (error: Error | null, stream: Duplex) => void;

/**
 * An agent that takes a connection which was made for a request (`withReady`), and makes the others itself. Node.js would
 * prepare the request while it makes the connection, and report a step of that when the preparation is done, which takes
 * milliseconds in a new process. Each step is clean when nothing else runs meanwhile:
 *
 *     as Node.js does it   connect |-x-----prepare-----| reported            x: it is connected
 *     here                 connect |-x| reported   TLS |---x| reported   |-----prepare-----| send
 */
export class ConnectionAgent extends HTTPSAgent {
  override createConnection(options: object, callback?: Connected): Duplex | null | undefined {
    const { ready } = options as ReadyOptions;
    return ready ?? super.createConnection(options, callback);
  }

  /** Makes a connection. Rejects with its error, or when `signal` is aborted. */
  async connect(
    { hostname, port }: { readonly hostname: string; readonly port: number },
    signal: AbortSignal,
    watch: (socket: Socket) => void,
  ): Promise<Socket> {
    // As the agent has it for requests.
    const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 };
    const below = connect({ host: hostname, port, ...options });
    await reached(below, 'connect', signal, watch);
    // From now on its errors are those of the TLS connection above it.
    below.on('error', () => {});
    const own: AgentOptions = this.options;
    const servername = own.servername ?? (isIP(hostname) === 0 ? hostname : '');
    const secure = super.createConnection({ ...own, host: hostname, port, servername, socket: below } as object);
    await reached(secure as TLSSocket, 'secureConnect', signal, watch);
    return secure as TLSSocket;
  }
}

/** Options of a request for which a connection was made. */
export const withReady = (ready: Socket | undefined): object => (ready === undefined ? {} : { ready });

function reached(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
  watch: (socket: Socket) => void,
): Promise<void> {
  watch(socket);
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason as Error);
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once(event, () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', reject);
      resolve();
    });
  });
}

/** Whether the agent has a connection that waits for a request. */
export const hasFreeConnection = ({ freeSockets }: HTTPAgent): boolean =>
  Object.values(freeSockets).some((sockets) => (sockets?.length ?? 0) > 0);
