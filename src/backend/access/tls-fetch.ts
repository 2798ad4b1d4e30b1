import { Agent, request } from 'node:https';
import { Readable } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';

export interface TLSOptions extends Pick<SecureContextOptions, 'ca' | 'cert' | 'key'> {
  readonly rejectUnauthorized: boolean;
}

/**
 * `fetch` for GET over TLS with certificates of one's own, which Node's has no options for. Follows no redirect, like
 * every look-up; rejects with what the connection failed with.
 */
export function tlsFetch(options: TLSOptions): typeof globalThis.fetch {
  const agent = new Agent({ keepAlive: true, ...options });
  return (input, init) =>
    new Promise((resolve, reject) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const { signal } = init ?? {};
      const headers = Object.fromEntries(new Headers(init?.headers));
      const outgoing = request(url, { agent, headers, ...(signal && { signal }) }, (incoming) => {
        const { statusCode: status = 0, statusMessage: statusText = '' } = incoming;
        const received = new Headers();
        for (const [name, values] of Object.entries(incoming.headersDistinct)) {
          for (const value of values ?? []) received.append(name, value);
        }
        const body = [204, 205, 304].includes(status) ? null : (Readable.toWeb(incoming) as ReadableStream);
        resolve(new Response(body, { status, statusText, headers: received }));
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
}
