import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { RandomBytes } from '../trace/ids.ts';
import type { ProxyTask } from './task.ts';

/** A proxy that listens on its own loopback port. */
export interface Proxy {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** PEM. */
  readonly certificate: string;
  /** The token that a client has to send (`Authorization: Bearer …`). */
  readonly token: string;
  /** From now on connections are served; those that were made before have waited. */
  serve(task: ProxyTask): Promise<void>;
  /** Ends every connection; resolves when all that was under way is over. */
  close(): Promise<void>;
}

/** More than any client makes before it has begun. */
const MAX_WAITING = 16;

/**
 * Listens for one command. A request without the token gets a 401 and is not forwarded. What serves the connections is
 * loaded by `serve`, so that the command can start before:
 *
 *     this process  | listen |start|-load TLS and HTTP, serve ---------|
 *     the command                  |-load---------| connect | requests |
 */
export async function openProxy({ now, random }: { readonly now: Date; readonly random: RandomBytes }): Promise<Proxy> {
  const { newServerIdentity } = await import('./certificate.ts');
  const identity = newServerIdentity(now, random);
  const token = Buffer.from(random(32)).toString('base64url');
  const waiting: Socket[] = [];
  let accept = (socket: Socket): void => {
    waiting.push(socket);
    if (waiting.length > MAX_WAITING) waiting.shift()?.destroy();
  };
  const listener = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    accept(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });
  let end = async (): Promise<void> => undefined;
  return {
    url: `https://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    certificate: identity.certificate,
    token,
    serve: async (task) => {
      const { secureServer, Traffic } = await import('./traffic.ts');
      const server = secureServer(identity);
      const traffic = new Traffic(task, token);
      traffic.listenTo(server);
      end = () => traffic.end();
      accept = (socket) => void server.emit('connection', socket);
      for (const socket of waiting.splice(0)) accept(socket);
    },
    close: async () => {
      listener.close();
      for (const socket of waiting) socket.destroy();
      await end();
    },
  };
}
