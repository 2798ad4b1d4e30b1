import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as connectTLS } from 'node:tls';
import { nodeFetch } from './node-fetch.ts';
import type { TLSOptions } from './tls-fetch.ts';

/**
 * `fetch` for GET over streams that `connect` makes, in place of connections: no port listens, so that no other user of
 * the machine can use them. Certificates are checked for `servername`.
 */
export function streamFetch(
  connect: () => Duplex,
  { servername, tls }: { readonly servername: string; readonly tls: TLSOptions | undefined },
): { readonly fetch: typeof globalThis.fetch; close(): void } {
  const plain = new PlainAgent({ keepAlive: true });
  plain.createConnection = () => asSocket(connect());
  const secure = new SecureAgent({ keepAlive: true });
  secure.createConnection = () => connectTLS({ ...tls, servername, socket: connect() });
  const [plainFetch, secureFetch] = [nodeFetch({ agent: plain }), nodeFetch({ agent: secure })];
  return {
    fetch: (input, init) =>
      (/^https:/i.test(input instanceof Request ? input.url : String(input)) ? secureFetch : plainFetch)(input, init),
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** An agent sets what only sockets have. */
function asSocket(stream: Duplex): Duplex {
  const itself = (): Duplex => stream;
  return Object.assign(stream, {
    setKeepAlive: itself,
    setNoDelay: itself,
    setTimeout: itself,
    ref: itself,
    unref: itself,
  });
}
