import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** An HTTP proxy that makes tunnels (CONNECT), all of them to one port of this machine, whatever their names. */
export class ConnectProxy {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  /** `HOST:PORT` of each requested tunnel. */
  readonly tunnels: string[];
  readonly #close: () => Promise<void>;

  private constructor(url: string, tunnels: string[], close: () => Promise<void>) {
    this.url = url;
    this.tunnels = tunnels;
    this.#close = close;
  }

  static async start(target: number): Promise<ConnectProxy> {
    const tunnels: string[] = [];
    const sockets = new Set<Duplex>();
    const server = createServer((_, response) => response.writeHead(501).end());
    server.on('connect', (incoming, client: Duplex) => {
      tunnels.push(incoming.url ?? '');
      const upstream = connect(target, '127.0.0.1', () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
        from.pipe(to);
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const close = async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    };
    return new ConnectProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, tunnels, close);
  }

  /** The tunnels since the last time this was called. */
  take(): string[] {
    return this.tunnels.splice(0);
  }

  stop(): Promise<void> {
    return this.#close();
  }
}
