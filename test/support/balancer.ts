import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** When the first connection is closed: as soon as the response has come, or where the client sends a second request. */
export type Cut = 'after the response' | 'at the next request';

export interface Balancer {
  readonly port: number;
  /** The server that each connection has led to, by its index in `targets`. */
  readonly connections: readonly number[];
  /** The client has sent a second request on the first connection, before it noticed that it is closed. */
  readonly isLost: boolean;
  /** Forgets the connections. The next one is the first, and is closed as `cut` says; without it by its ends alone. */
  begin(pick: (connection: number) => number, cut?: Cut): void;
  close(): Promise<void>;
}

/** A request with its credentials is longer, and the client's part of a TLS handshake is shorter. */
const MIN_REQUEST = 200;
/** A response with its headers is longer, and a session ticket is shorter. */
const MIN_RESPONSE = 400;

/** Leads each TCP connection to one of several ports of this machine, and reads nothing of what it carries. */
export async function startBalancer(targets: readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>();
  const connections: number[] = [];
  let pick = (_connection: number): number => 0;
  let cut: Cut | undefined;
  let isLost = false;

  const server = createServer((client) => {
    const index = connections.length;
    const target = pick(index);
    connections.push(target);
    const upstream = connect(targets[target]!, '127.0.0.1');
    const own = index === 0 ? cut : undefined;
    let requests = 0;
    client.on('data', (bytes: Buffer) => {
      if (upstream.bytesRead > 0 && bytes.length > MIN_REQUEST) requests++;
      if (own === undefined || requests < 2) return upstream.write(bytes);
      isLost = true;
      return client.destroy();
    });
    upstream.on('data', (bytes: Buffer) => {
      client.write(bytes);
      if (own === 'after the response' && requests === 1 && bytes.length > MIN_RESPONSE) client.end();
    });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    get isLost() {
      return isLost;
    },
    begin(chosen, when) {
      connections.length = 0;
      [pick, cut, isLost] = [chosen, when, false];
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
