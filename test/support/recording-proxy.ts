import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request } from 'node:https';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { ContextName, TestCluster } from '../lab/cluster/cluster.ts';

/** A request as a client has sent it. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  /** As it was written, without the question mark. */
  readonly query: string;
  readonly contentType: string;
  readonly accept: string;
  readonly body: string;
}

/** A request and what came back; of a stream that was left, what had come by then. */
export interface RecordedExchange {
  readonly sent: SentRequest;
  status: number;
  headers: IncomingHttpHeaders;
  readonly chunks: Buffer[];
}

/** kubectl requests schemas and types, in its own ways and numbers. */
export const isDiscovery = ({ method, path }: SentRequest): boolean =>
  method === 'GET' &&
  /^\/(openapi\/.*|version|api|apis|api\/v1|apis\/[^/]+(\/[^/]+)?|apis\/apiextensions.k8s.io\/v1\/customresourcedefinitions)$/.test(
    path,
  );

/** Nothing was recorded for the request: no status of HTTP, so that it stands out. */
const NOT_RECORDED = 599;

/**
 * Accepts plain HTTP, records requests and responses, and forwards them to the API server of a test cluster as one of
 * its users; or replays recorded responses, so that a second client gets the same as the first.
 */
export class RecordingProxy {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  readonly #server: Server;
  #recorded: RecordedExchange[] = [];
  #replayed: RecordedExchange[] | undefined;
  #held: ((sent: SentRequest) => Promise<unknown>) | undefined;
  #expected: { readonly test: (sent: SentRequest) => boolean; readonly found: () => void } | undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(cluster: TestCluster, user: ContextName): Promise<RecordingProxy> {
    const authority = await readFile(cluster.certificateAuthority, 'utf8');
    const authorization = `Bearer ${cluster.token(user)}`;
    const server = createServer((incoming, response) => {
      const send = (url: string, sent: SentRequest, keep: RecordedExchange): void => {
        const outgoing = request(new URL(url, cluster.server), {
          method: sent.method,
          ca: authority,
          headers: { ...incoming.headers, host: new URL(cluster.server).host, authorization },
        });
        outgoing.on('response', (answer) => pass(answer, response, keep));
        outgoing.on('error', (error) => response.destroy(error));
        response.on('close', () => outgoing.destroy());
        outgoing.end(sent.body);
      };
      proxy.#take(incoming, response, send).catch((error: unknown) => response.destroy(error as Error));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new RecordingProxy(server);
    return proxy;
  }

  async #take(
    incoming: IncomingMessage,
    response: ServerResponse,
    send: (url: string, sent: SentRequest, keep: RecordedExchange) => void,
  ): Promise<void> {
    const sent = await sentRequest(incoming);
    const kept: RecordedExchange = { sent, status: NOT_RECORDED, headers: {}, chunks: [] };
    this.#recorded.push(kept);
    if (this.#expected?.test(sent) === true) this.#expected.found();
    await this.#held?.(sent);
    if (this.#replayed === undefined || isDiscovery(sent)) send(incoming.url ?? '', sent, kept);
    else this.#replay(sent, response);
  }

  #replay(sent: SentRequest, response: ServerResponse): void {
    const same = (one: RecordedExchange): boolean => JSON.stringify(one.sent) === JSON.stringify(sent);
    const index = this.#replayed!.findIndex(same);
    const [found] = index === -1 ? [] : this.#replayed!.splice(index, 1);
    const { 'transfer-encoding': _, connection: __, ...headers } = found?.headers ?? {};
    response.writeHead(found?.status ?? NOT_RECORDED, headers);
    response.end(Buffer.concat(found?.chunks ?? [Buffer.from(`not recorded: ${JSON.stringify(sent)}`)]));
  }

  /** From now on these are the responses, each once; `undefined`: the API server's. */
  replay(recorded: readonly RecordedExchange[] | undefined): void {
    this.#replayed = recorded === undefined ? undefined : [...recorded];
  }

  /** Each request waits for this before it is sent on. */
  hold(held: ((sent: SentRequest) => Promise<unknown>) | undefined): void {
    this.#held = held;
  }

  /** Resolves when such a request comes. */
  whenSent(test: (sent: SentRequest) => boolean): Promise<void> {
    return new Promise((found) => {
      this.#expected = { test, found };
    });
  }

  /** Requests since the last time this was called. */
  take(): SentRequest[] {
    return this.takeExchanges().map(({ sent }) => sent);
  }

  /** The same with what came back. */
  takeExchanges(): RecordedExchange[] {
    return this.#recorded.splice(0);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function sentRequest(incoming: IncomingMessage): Promise<SentRequest> {
  const body = await buffer(incoming);
  const { method = '', url = '', headers } = incoming;
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  const { 'content-type': contentType = '', accept = '' } = headers;
  return { method, path, query, contentType, accept, body: body.toString('utf8') };
}

function pass(answer: IncomingMessage, response: ServerResponse, kept: RecordedExchange): void {
  kept.status = answer.statusCode ?? NOT_RECORDED;
  kept.headers = answer.headers;
  response.writeHead(kept.status, answer.headers);
  // The response to a watch begins before anything happens.
  response.flushHeaders();
  answer.on('data', (chunk: Buffer) => kept.chunks.push(chunk));
  answer.on('error', (error) => response.destroy(error));
  answer.pipe(response);
}
