import { request } from 'node:https';
import type { EpochClock } from './clock.ts';

export interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly authority: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface Measured {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly start: bigint;
  readonly end: bigint;
  /** By the names that a fixture has. */
  readonly phases: Readonly<Record<string, number>>;
}

/** Sends one request over its own connection and measures it; shares nothing with the client under test. */
export function measure(clock: EpochClock, { method, url, authority, headers, body }: Sent): Promise<Measured> {
  clock.align();
  return new Promise((resolve, reject) => {
    const start = clock.now();
    const at = { connected: start, secured: start, sent: start, answered: start };
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const call = request(
      url,
      { method, ca: authority, agent: false, headers: { ...headers, ...length }, timeout: 30_000 },
      (response) => {
        at.answered = clock.now();
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => void chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const end = clock.now();
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
            ),
            body: Buffer.concat(chunks),
            start,
            end,
            phases: {
              connectNanos: Number(at.connected - start),
              tlsNanos: Number(at.secured - at.connected),
              sendNanos: Number(at.sent - at.secured),
              waitNanos: Number(at.answered - at.sent),
              receiveNanos: Number(end - at.answered),
            },
          });
        });
      },
    );
    call.on('socket', (socket) => {
      socket.once('connect', () => (at.connected = clock.now()));
      socket.once('secureConnect', () => (at.secured = clock.now()));
    });
    call.on('finish', () => (at.sent = clock.now()));
    call.on('timeout', () => call.destroy(new Error(`${method} ${url.pathname}: no response for 30s`)));
    call.on('error', reject);
    call.end(body);
  });
}
