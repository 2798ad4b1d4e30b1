import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { PhaseEnd } from './phases.ts';

/** Whom to tell how the making of a connection goes. */
export interface ConnectionWatcher {
  mark(end: PhaseEnd): void;
  /** The server's certificate, whether it was accepted or not. */
  seen(certificate: X509Certificate | undefined): void;
}

/** Watches a connection that is being made. */
export function watchConnection(socket: Socket, watcher: ConnectionWatcher): void {
  socket.once('lookup', (error: Error | null) => error === null && watcher.mark('lookup'));
  socket.once('connect', () => watcher.mark('connect'));
  socket.once('secureConnect', () => watcher.mark('secureConnect'));
  if (!(socket instanceof TLSSocket)) return;
  // By the time an unaccepted certificate is an error the connection is gone, and the certificate with it. Node emits
  // "secure" before it verifies; without it only details are missing in the message.
  socket.prependOnceListener('secure', () => watcher.seen(socket.getPeerX509Certificate()));
}
