import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { ContextName, TestCluster } from '../cluster/cluster.ts';

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

/** Takes plain HTTP, keeps what was sent, and sends it on to the API server of a test cluster as one of its users. */
export class RecordingProxy {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  readonly #server: Server;
  #sent: SentRequest[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(cluster: TestCluster, user: ContextName): Promise<RecordingProxy> {
    const authority = await readFile(cluster.certificateAuthority, 'utf8');
    const authorization = `Bearer ${cluster.token(user)}`;
    let record: (sent: SentRequest) => void = () => {};
    const server = createServer((incoming, response) => {
      forward(incoming, response, (sent) => record(sent)).catch((error: unknown) => response.destroy(error as Error));
    });
    async function forward(
      incoming: IncomingMessage,
      response: ServerResponse,
      keep: (sent: SentRequest) => void,
    ): Promise<void> {
      const body = await buffer(incoming);
      const { method = '', url = '', headers } = incoming;
      const [path = '', query = ''] = url.split(/\?(.*)/s);
      const { 'content-type': contentType = '', accept = '' } = headers;
      keep({ method, path, query, contentType, accept, body: body.toString('utf8') });
      const outgoing = request(new URL(url, cluster.server), {
        method,
        ca: authority,
        headers: { ...headers, host: new URL(cluster.server).host, authorization },
      });
      outgoing.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      outgoing.on('error', (error) => response.destroy(error));
      outgoing.end(body);
    }
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new RecordingProxy(server);
    record = (sent) => proxy.#sent.push(sent);
    return proxy;
  }

  /** What was sent since the last time this was asked. */
  take(): SentRequest[] {
    return this.#sent.splice(0);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
