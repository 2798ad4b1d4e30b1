import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ContextName, TestCluster } from '../lab/cluster/cluster.ts';

/** How a proxy changes a trace context; undefined removes it. */
export type ChangeContext = (traceparent: string) => string | undefined;

/**
 * Accepts plain HTTP and forwards it to the API server of a test cluster as one of its users, each request with another
 * trace context. It has one connection to the server, as proxies that end TLS do.
 */
export class ContextProxy {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  readonly #close: () => Promise<void>;

  private constructor(port: number, close: () => Promise<void>) {
    this.url = `http://127.0.0.1:${port}`;
    this.#close = close;
  }

  static async start(cluster: TestCluster, user: ContextName, change: ChangeContext): Promise<ContextProxy> {
    const ca = await readFile(cluster.certificateAuthority, 'utf8');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const authorization = `Bearer ${cluster.token(user)}`;
    const server = createServer((incoming, response) => {
      const { traceparent, ...rest } = incoming.headers;
      const changed = typeof traceparent === 'string' ? change(traceparent) : undefined;
      const headers = {
        ...rest,
        host: new URL(cluster.server).host,
        authorization,
        ...(changed !== undefined && { traceparent: changed }),
      };
      const outgoing = request(new URL(incoming.url ?? '/', cluster.server), {
        method: incoming.method,
        agent,
        ca,
        headers,
      });
      outgoing.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      outgoing.on('error', () => response.destroy());
      incoming.pipe(outgoing);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new ContextProxy((server.address() as AddressInfo).port, async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      agent.destroy();
    });
  }

  stop(): Promise<void> {
    return this.#close();
  }
}
