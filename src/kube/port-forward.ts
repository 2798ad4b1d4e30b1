import type { Agent, OutgoingHttpHeaders } from 'node:http';
import type { RequestOptions } from 'node:https';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
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
 * A port of 127.0.0.1 each of whose connections is one WebSocket to the pod (`pods/portforward`). Loaded only when it is
 * needed: client-node's part of it brings a WebSocket library.
 */
export async function forwardPort(
  { namespace, name, port }: PodPort,
  via: ForwardVia,
  onProblem: (message: string) => void,
): Promise<Forward> {
  // Of a kubeconfig the WebSocket asks no more than this.
  const config: Pick<KubeConfig, 'getCurrentCluster' | 'applyToHTTPSOptions'> = {
    getCurrentCluster: () => ({ name: 'selected', server: via.server.replace(/\/+$/, ''), skipTLSVerify: false }),
    applyToHTTPSOptions: async (options: RequestOptions) => {
      options.agent = via.agent;
      options.headers = { ...via.headers } as OutgoingHttpHeaders;
    },
  };
  const forwarder = new PortForward(config as KubeConfig);
  const sockets = new Set<Socket>();
  const connect = async (socket: Socket): Promise<void> => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    const errors = new PassThrough().on('data', (chunk: Buffer) => {
      onProblem(chunk.toString('utf8').trim());
      socket.destroy();
    });
    try {
      // Without retries it is the socket itself; what the client says before that is not lost.
      socket.pause();
      const stream = (await forwarder.portForward(
        namespace,
        name,
        [port],
        socket,
        errors,
        socket,
      )) as unknown as WebSocket;
      socket.on('close', () => {
        sockets.delete(socket);
        stream.close();
      });
      stream.addEventListener('close', () => socket.end());
      socket.resume();
    } catch (error) {
      onProblem(messageOf(error));
      socket.destroy();
    }
  };
  const server = createServer((socket) => void connect(socket));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** `Unexpected server response: 403`, from the event that a WebSocket fails with. */
function messageOf(error: unknown): string {
  const { message } = error as { readonly message?: unknown };
  return typeof message === 'string' && message !== '' ? message : 'the connection was refused';
}
