import type { Agent, OutgoingHttpHeaders } from 'node:http';
import type { RequestOptions } from 'node:https';
import { duplexPair, PassThrough, type Duplex } from 'node:stream';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { PortForward } from '@kubernetes/client-node/dist/portforward.js';
import type { Forward, PodPort } from './exchange.ts';

/** How the API server is reached, and as whom. */
export interface ForwardVia {
  readonly server: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly agent: Agent;
}

/**
 * Streams to a pod, each over its own WebSocket (`pods/portforward`). There is no listening port: it would give every
 * user of this machine access that only this user has. Loaded only when needed, because client-node's part of it brings
 * a WebSocket library.
 */
export function forwardPort(
  { namespace, name, port }: PodPort,
  via: ForwardVia,
  onProblem: (message: string) => void,
): Forward {
  // The part of a kubeconfig that the WebSocket needs.
  const config: Pick<KubeConfig, 'getCurrentCluster' | 'applyToHTTPSOptions'> = {
    getCurrentCluster: () => ({
      name: 'selected',
      server: via.server.replace(/(?<!\/)\/+$/, ''),
      skipTLSVerify: false,
    }),
    applyToHTTPSOptions: async (options: RequestOptions) => {
      options.agent = via.agent;
      options.headers = { ...via.headers } as OutgoingHttpHeaders;
    },
  };
  const forwarder = new PortForward(config as KubeConfig);
  const streams = new Set<Duplex>();
  const open = async (far: Duplex): Promise<void> => {
    const errors = new PassThrough().on('data', (chunk: Buffer) => {
      onProblem(chunk.toString('utf8').trim());
      far.destroy();
    });
    try {
      // Without retries it is the socket itself; what is written before that waits.
      const socket = (await forwarder.portForward(namespace, name, [port], far, errors, far)) as unknown as WebSocket;
      if (far.destroyed) socket.close();
      far.once('close', () => socket.close());
      socket.addEventListener('close', () => far.end());
    } catch (error) {
      onProblem(messageOf(error));
      far.destroy();
    }
  };
  return {
    connect: () => {
      const [near, far] = duplexPair();
      streams.add(near);
      // Neither end closes because the other has.
      near.once('close', () => {
        streams.delete(near);
        far.destroy();
      });
      far.on('error', () => far.destroy()).once('close', () => near.destroy());
      void open(far);
      return near;
    },
    close: async () => {
      for (const stream of streams) stream.destroy();
    },
  };
}

/** `Unexpected server response: 403`, from the event that a WebSocket fails with. */
function messageOf(error: unknown): string {
  const { message } = error as { readonly message?: unknown };
  return typeof message === 'string' && message !== '' ? message : 'the connection was refused';
}
