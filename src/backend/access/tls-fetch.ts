import { Agent } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import { nodeFetch } from './node-fetch.ts';

export interface TLSOptions extends Pick<SecureContextOptions, 'ca' | 'cert' | 'key'> {
  readonly rejectUnauthorized: boolean;
}

/** `fetch` for GET over TLS with the user's own certificates. */
export const tlsFetch = (options: TLSOptions): typeof globalThis.fetch =>
  nodeFetch({ agent: new Agent({ keepAlive: true, ...options }) });
