import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import type { Lookup, SearchQuery } from '../../../src/backend/backend.ts';
import { JaegerBackend } from '../../../src/backend/kinds/jaeger/jaeger.ts';
import { epochNanos } from '../../../src/trace/time.ts';
import { serve } from '../../support/http-server.ts';
import { traceID } from '../../support/spans.ts';
import { fixture } from './fixture.ts';

export const open = (url: string): JaegerBackend =>
  new JaegerBackend(url, { fetch, random: (size) => randomBytes(size) });
export const never = new AbortController().signal;
export const shop = traceID('0af7651916cd43dd8448eb211c80319c');

export const query: SearchQuery = {
  service: 'apiserver',
  attributes: { 'audit-id': 'audit-rerooted' },
  from: epochNanos(1_795_475_000_000_000_000n),
  to: epochNanos(1_795_476_000_000_000_000n),
  limit: 5,
};

export type BackendResponse = (request: IncomingMessage, response: ServerResponse) => void;

export const say =
  (code: number, body: string, headers: Record<string, string> = {}): BackendResponse =>
  (_request, response) =>
    response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(body);

export const page = say(200, fixture('web-page.html'), { 'content-type': 'text/html' });

/** Responds by the beginning of the path: the first that fits counts. */
export const routes =
  (...table: readonly (readonly [string, BackendResponse])[]): BackendResponse =>
  (request, response) =>
    (table.find(([path]) => request.url?.startsWith(path))?.[1] ?? page)(request, response);

export async function byID(t: TestContext, answer: BackendResponse): Promise<Lookup> {
  const { url } = await serve(t, answer);
  return open(url).byID(shop, never);
}

export const pathsOf = (requests: readonly IncomingMessage[]): string[] =>
  requests.map((request) => new URL(request.url ?? '', 'http://x').pathname);
