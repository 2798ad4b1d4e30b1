import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAuthority } from '../lab/cluster/certificate.ts';

/** Serves what an API server requests from a kubelet for `kubectl logs`, in place of one. */
export class StandInKubelet {
  /** The log of a container by the name of its pod. */
  readonly #logOf: (pod: string) => string | undefined;
  #server: Server | undefined;

  constructor(logOf: (pod: string) => string | undefined) {
    this.#logOf = logOf;
  }

  async start(): Promise<void> {
    const { key, certificate } = createAuthority('kubelet').issueServer(['127.0.0.1']);
    this.#server = createServer({ key, cert: certificate }, (request, response) => {
      const [, pod = ''] = /^\/containerLogs\/kube-system\/([^/]+)\//.exec(request.url ?? '') ?? [];
      const log = this.#logOf(pod);
      response.writeHead(log === undefined ? 404 : 200, { 'content-type': 'text/plain' });
      response.end(log ?? 'no such container');
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    const address = this.#server?.address() as AddressInfo | undefined;
    if (address === undefined) throw new Error('the kubelet is not started yet');
    return address.port;
  }

  stop(): Promise<void> {
    this.#server?.closeAllConnections();
    return new Promise((resolve) => (this.#server === undefined ? resolve() : this.#server.close(() => resolve())));
  }
}
