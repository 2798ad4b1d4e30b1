import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

export interface RelayOptions {
  /** The port to listen on, of a relay that was there before; any free one without. */
  readonly port?: number;
  /** Delays everything by this time, in both directions. */
  readonly delayMillis?: number;
  /** Called once for each connection, when the client ends the TLS handshake: its request comes with that or next. */
  readonly onConnected?: () => void;
  /** Called once for each connection, as soon as the target has sent 256 KiB. */
  readonly onLongAnswer?: () => void;
}

export interface Relay {
  readonly port: number;
  /** Delays everything that arrives from now on by this time. */
  delay(millis: number): void;
  /** Takes no more of what the target sends on its open connections, until `resume`. */
  pauseAnswers(): void;
  resume(): void;
  close(): Promise<void>;
}

const LONG_ANSWER = 256 * 1024;

/** Passes TCP connections on to a port of this machine. */
export async function startRelay(
  target: number,
  { port = 0, delayMillis = 0, onConnected, onLongAnswer }: RelayOptions = {},
): Promise<Relay> {
  const sockets = new Set<Socket>();
  const upstreams = new Set<Socket>();
  let held = delayMillis;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let counted = 0;
    upstreams.add(upstream);
    // The first is the ClientHello.
    client.once('data', () => client.once('data', () => onConnected?.()));
    upstream.on('data', () => {
      const before = counted;
      counted = upstream.bytesRead;
      if (before < LONG_ANSWER && counted >= LONG_ANSWER) onLongAnswer?.();
    });
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
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    pauseAnswers: () => upstreams.forEach((upstream) => upstream.pause()),
    resume: () => upstreams.forEach((upstream) => upstream.resume()),
    delay: (millis) => void (held = millis),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
