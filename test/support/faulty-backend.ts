import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Treatment of the n-th request, counted from 0: it is forwarded, or gets a fault. */
export type Fault = (count: number, response: ServerResponse) => 'pass' | 'handled' | Promise<'pass' | 'handled'>;

export interface FaultyBackend {
  readonly url: string;
  readonly requests: number;
  /** Refuses connections from now on. */
  stop(): Promise<void>;
  /** On the same port. */
  start(): Promise<void>;
}

/** A real trace backend behind a proxy that can be made to fail. */
export async function faultyBackend(target: string, fault: Fault): Promise<FaultyBackend> {
  let count = 0;
  const pass = (incoming: IncomingMessage, response: ServerResponse): void => {
    const { 'accept-encoding': _, ...headers } = incoming.headers;
    const onward = request(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method ?? 'GET', headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  };
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    if ((await fault(count++, response)) === 'pass') pass(incoming, response);
  };
  const server = createServer((incoming, response) => {
    void serve(incoming, response);
  });
  let port = 0;
  const start = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return count;
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    start,
  };
}
