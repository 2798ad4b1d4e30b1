import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

export interface RelayOptions {
  /** Holds back everything for so long, in both directions. */
  readonly delayMillis?: number;
  /** Called with the first bytes of each connection that a client opens. */
  readonly onFirstBytes?: () => void;
}

export interface Relay {
  readonly port: number;
  /** Holds back whatever comes from now on for so long. */
  delay(millis: number): void;
  close(): Promise<void>;
}

/** Passes TCP connections on to a port of this machine. */
export async function startRelay(target: number, { delayMillis = 0, onFirstBytes }: RelayOptions = {}): Promise<Relay> {
  const sockets = new Set<Socket>();
  let held = delayMillis;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    client.once('data', () => onFirstBytes?.());
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      // Timers of the same delay fire in the order in which they were set, so that bytes stay in order.
      from.on('data', (bytes) => void setTimeout(() => to.writable && to.write(bytes), held));
      from.on('close', () => void setTimeout(() => to.destroy(), held));
      from.on('error', () => to.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    delay: (millis) => void (held = millis),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
