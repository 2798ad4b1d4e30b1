import type { Socket } from 'node:net';
import type { Limits } from './limits.ts';

/** The protocol of a connection, by its first bytes. */
export type Protocol = 'tls' | 'http2' | 'http1';

/** How HTTP/2 begins (RFC 9113 §3.4); nothing of HTTP/1 begins so. */
const PREFACE = 'PRI';
/** The type of the record that begins a handshake (RFC 8446 §5.1). */
const HANDSHAKE = 0x16;

/** Waits for the first bytes and looks at them; a connection that says nothing is closed. */
export function greet(
  socket: Socket,
  { greetingMillis }: Limits,
  decide: (held: Buffer, protocol: Protocol) => void,
): void {
  const timer = setTimeout(() => socket.destroy(), greetingMillis);
  socket.once('close', () => clearTimeout(timer));
  let held: Buffer = Buffer.alloc(0);
  const look = (): void => {
    const bytes = socket.read() as Buffer | null;
    if (bytes === null) return;
    held = Buffer.concat([held, bytes]);
    const start = held.toString('latin1', 0, PREFACE.length);
    // One or two bytes may still become either.
    if (start.length < PREFACE.length && PREFACE.startsWith(start)) return;
    socket.off('readable', look);
    clearTimeout(timer);
    decide(held, held[0] === HANDSHAKE ? 'tls' : start === PREFACE ? 'http2' : 'http1');
  };
  socket.on('readable', look);
}
