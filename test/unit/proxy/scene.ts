import { randomBytes } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { request, type Agent } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { buffer } from 'node:stream/consumers';
import type { ConnectionFlags } from '../../../src/connection.ts';
import { openCluster } from '../../../src/kube/cluster.ts';
import type { RelayedExchange } from '../../../src/kube/http/relay.ts';
import { openProxy, type Proxy } from '../../../src/proxy/server.ts';
import type { Runtime } from '../../../src/runtime.ts';
import { newContext, testRuntime } from '../kube/fixture.ts';
import { folderOf } from '../kube/folder.ts';

/** A proxy before a server that a test scripts. */
export interface Scene {
  readonly proxy: Proxy;
  readonly server: Server;
  /** Finished exchanges, in the order of their ends. */
  readonly exchanges: readonly RelayedExchange[];
  /** Resolves when one more exchange is over. */
  nextExchange(): Promise<RelayedExchange>;
  /** The connections that the proxy has made to the server. */
  readonly connections: readonly Socket[];
}

export async function openScene(
  context: TestContext,
  listener: RequestListener,
  flags: ConnectionFlags = {},
  clock: Partial<Pick<Runtime, 'clock'>> = {},
): Promise<Scene> {
  const server = createServer(listener);
  const connections: Socket[] = [];
  server.on('connection', (socket) => connections.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const folder = await folderOf(context, { empty: '' });
  const where = { kubeconfig: `${folder}/empty`, server: `http://127.0.0.1:${port}`, ...flags };
  const cluster = await openCluster(where, testRuntime(clock), '1.2.3');
  const exchanges: RelayedExchange[] = [];
  const waiting: ((exchange: RelayedExchange) => void)[] = [];
  const proxy = await openProxy({ now: new Date(), random: (size) => randomBytes(size) });
  await proxy.serve({
    connect: await cluster.openRelay(),
    send: (connection, relayed) => connection.relay(relayed, newContext()),
    over: (exchange) => {
      exchanges.push(exchange);
      waiting.shift()?.(exchange);
    },
  });
  context.after(async () => {
    await proxy.close();
    cluster.close();
    for (const socket of connections) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { proxy, server, exchanges, connections, nextExchange: () => new Promise((resolve) => waiting.push(resolve)) };
}

export interface ClientRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  /** Null: none is sent. */
  readonly token?: string | null;
}

export interface ClientAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly trailers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** Sends a request to the proxy as a client with its kubeconfig does. */
export function ask({ proxy }: Scene, path: string, options: ClientRequest = {}): Promise<ClientAnswer> {
  return new Promise((resolve, reject) => {
    begin(proxy, path, options, (answer) => {
      buffer(answer).then(
        (body) =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            rawHeaders: answer.rawHeaders,
            trailers: answer.trailers,
            body,
          }),
        reject,
      );
    }).on('error', reject);
  });
}

/** The same, for tests that check a response while it arrives. */
export function begin(
  proxy: Pick<Proxy, 'url' | 'certificate' | 'token'>,
  path: string,
  { method = 'GET', headers = {}, body, agent, token = proxy.token }: ClientRequest,
  onAnswer: (answer: IncomingMessage) => void,
): ReturnType<typeof request> {
  const outgoing = request(proxy.url + path, {
    method,
    ca: proxy.certificate,
    agent: agent ?? false,
    headers: { ...headers, ...(token !== null && { authorization: `Bearer ${token}` }) },
  });
  outgoing.on('response', onAnswer);
  outgoing.end(body);
  return outgoing;
}
