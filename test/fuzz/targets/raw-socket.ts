import { connect, type Socket } from 'node:net';

/** How long an exchange may take. */
export interface Patience {
  /** Without a first byte in response for this long, no more is sent. */
  readonly firstMillis: number;
  /** Without an end after this long, the connection is closed. */
  readonly lastMillis: number;
}

/** For input whose response, if there is one, does not matter. */
const BRIEF: Patience = { firstMillis: 100, lastMillis: 400 };
/** For a request that must have a response, however busy the machine is. */
export const PATIENT: Patience = { firstMillis: 10_000, lastMillis: 20_000 };
/** A response is over when nothing more of it comes: all parties are in this process. */
const IDLE_MILLIS = 15;

/**
 * Writes the bytes in a few pieces and resolves with what comes back, at most 64 KiB of it. Closes the connection when the
 * other side does not: waiting for more is its right.
 */
export function exchangeBytes(open: () => Socket, bytes: Buffer, { firstMillis, lastMillis } = BRIEF): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = open();
    const received: Buffer[] = [];
    let size = 0;
    const timers = [
      setTimeout(() => size === 0 && socket.end(), firstMillis),
      setTimeout(() => socket.destroy(), lastMillis),
    ];
    let idle: NodeJS.Timeout | undefined;
    socket.on('data', (chunk: Buffer) => {
      if (size < 65_536) received.push(chunk);
      size += chunk.length;
      clearTimeout(idle);
      idle = setTimeout(() => socket.destroy(), IDLE_MILLIS);
    });
    // Refused, reset, or not what TLS wants: the end of the connection says it as well.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const timer of [...timers, idle]) clearTimeout(timer);
      resolve(Buffer.concat(received));
    });
    const third = Math.max(1, Math.ceil(bytes.length / 3));
    for (let at = 0; at < bytes.length; at += third) socket.write(bytes.subarray(at, at + third));
  });
}

export const tcpTo = (url: string) => (): Socket => {
  const { hostname, port } = new URL(url);
  return connect({ host: hostname, port: Number(port) });
};
