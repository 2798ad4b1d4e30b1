import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createHTTPSServer, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAuthority } from '../../test/lab/cluster/certificate.ts';

/** A server between the client and the API server that makes something slow, and whose truth is known. */
export interface Impaired {
  readonly server: string;
  close(): void;
}

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** TCP that lets at most this many bytes of the responses through in a second. */
export async function limited(port: number, bytesPerSecond: number): Promise<Impaired> {
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    client.pipe(upstream);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.end());
    void (async () => {
      for await (const chunk of upstream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        await sleep((chunk.length / bytesPerSecond) * 1000);
        client.write(chunk);
      }
    })().catch(() => client.destroy());
  });
  return { server: `https://127.0.0.1:${await listening(server)}`, close: () => server.close() };
}

/** A gateway that ends TLS with its own certificate, and takes `millis` for each request. */
export async function gateway(target: string, millis: number): Promise<Impaired> {
  const { certificate, key } = createAuthority('gateway').issueServer(['gateway.example.com', '127.0.0.1']);
  const server = createHTTPSServer({ cert: certificate, key }, (incoming, response) => {
    const { method, headers, url = '/' } = incoming;
    setTimeout(() => {
      const options = { method, headers, rejectUnauthorized: false };
      const outgoing = request(`${target}${url}`, options, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      outgoing.on('error', () => response.destroy());
      incoming.pipe(outgoing);
    }, millis);
  });
  return { server: `https://127.0.0.1:${await listening(server)}`, close: () => server.close() };
}
