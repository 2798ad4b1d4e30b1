import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAuthority } from '../cluster/certificate.ts';
import type { TestCluster } from '../cluster/cluster.ts';
import { namespace } from './namespace.ts';

export const podWithLog = 'with-log';

export const recordedNode = 'recorded-node';

/** The part of a kubelet that has the log of the only pod on its node. */
export class LogServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(cluster: TestCluster): Promise<LogServer> {
    const { certificate: cert, key } = createAuthority('kubelet').issueServer(['127.0.0.1']);
    const server = createServer({ cert, key }, (_, response) => {
      response.setHeader('content-type', 'text/plain').end('one line\n');
    });
    const started = new LogServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const addresses = [{ type: 'InternalIP', address: '127.0.0.1' }];
    const status = { addresses, daemonEndpoints: { kubeletEndpoint: { Port: port } } };
    await create(cluster, '/api/v1/nodes', { metadata: { name: recordedNode }, status });
    const spec = { nodeName: recordedNode, containers: [{ name: 'main', image: 'image' }] };
    await create(cluster, `/api/v1/namespaces/${namespace}/pods`, { metadata: { name: podWithLog }, spec });
    return started;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function create(cluster: TestCluster, path: string, object: unknown): Promise<void> {
  const { status, body } = await cluster.call('POST', path, { body: object });
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${body}`);
}
