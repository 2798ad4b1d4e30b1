import { request as requestPlain } from 'node:http';
import { request as requestSecure, type RequestOptions } from 'node:https';
import { Readable } from 'node:stream';

/** How an address is connected to. */
export type Connecting = Pick<RequestOptions, 'agent' | 'socketPath' | 'createConnection'>;

/**
 * `fetch` for GET over connections that Node's own has no options for: with certificates, over a unix socket, or over a
 * stream. Like every look-up it follows no redirect. Rejects with the connection's error.
 */
export function nodeFetch(connecting: Connecting): typeof globalThis.fetch {
  return (input, init) =>
    new Promise((resolve, reject) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const { signal } = init ?? {};
      const headers = Object.fromEntries(new Headers(init?.headers));
      const request = url.protocol === 'https:' ? requestSecure : requestPlain;
      const outgoing = request(url, { ...connecting, headers, ...(signal && { signal }) }, (incoming) => {
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
