import { fileURLToPath } from 'node:url';
import { nodeFetch } from '../access/node-fetch.ts';

/** How a `kubectl trace serve` is reached. */
export interface ServeAddress {
  /** The address that paths are appended to. */
  readonly base: string;
  /** As serve itself knows it: `127.0.0.1:16686`, or `unix:` and the path of a socket. */
  readonly address: string;
  readonly fetch: typeof globalThis.fetch;
}

/** Reads `http://127.0.0.1:16686` or `unix:///run/user/1000/serve.sock`. Throws a TypeError for what is no URL. */
export function reachServe(url: string, fetch: typeof globalThis.fetch): ServeAddress {
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol !== 'unix:') return { base: url, address: `${hostname}:${port === '' ? '80' : port}`, fetch };
  const socketPath = fileURLToPath(`file://${pathname}`);
  return { base: 'http://localhost', address: `unix:${socketPath}`, fetch: nodeFetch({ socketPath }) };
}
