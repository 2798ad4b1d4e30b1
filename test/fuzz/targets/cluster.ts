import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTLS } from 'node:tls';
import { openCluster } from '../../../src/kube/cluster.ts';
import { openProxy } from '../../../src/proxy/server.ts';
import { newContext, testRuntime } from '../../unit/kube/fixture.ts';
import { compact, corpusOf } from '../engine/corpus.ts';
import { BYTE_MUTATIONS } from '../engine/mutate-bytes.ts';
import { promise, type OpenTarget, type Target } from '../engine/target.ts';
import { openCommands } from './commands.ts';
import { JSON_MUTATIONS } from './decoders.ts';
import { CLIENT_REQUESTS, RELAYED_RESPONSES, SEPARATOR } from './cluster-corpus.ts';
import { exchangeBytes, PATIENT } from './raw-socket.ts';

/** Sends the same bytes on every connection, and records the received ones. */
interface BytesServer {
  readonly url: string;
  respond(bytes: (request: string) => Buffer): void;
  readonly received: string;
  close(): Promise<void>;
}

async function openBytesServer(): Promise<BytesServer> {
  const sockets = new Set<Socket>();
  let respond: (request: string) => Buffer = () => Buffer.alloc(0);
  let received = '';
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      received = (received + text).slice(-1_000_000);
      // With the head of a request, and not with what may follow of its body.
      if (text.includes('HTTP/1.1\r\n')) socket.end(respond(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    respond: (next) => {
      respond = next;
      received = '';
    },
    get received() {
      return received;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** After this many inputs an ordinary request has to pass. */
const CHECK_EVERY = 25;
const GOOD = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}');

async function openRelay(): Promise<OpenTarget> {
  const server = await openBytesServer();
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-trace-fuzz-'));
  await writeFile(join(folder, 'empty'), '');
  const cluster = await openCluster(
    { kubeconfig: join(folder, 'empty'), server: server.url, token: 'of-the-cluster' },
    testRuntime(),
    '1.2.3',
  );
  let exchanges = 0;
  const proxy = await openProxy({ now: new Date(), random: (size) => randomBytes(size) });
  await proxy.serve({
    connect: await cluster.openRelay(),
    send: (connection, relayed) => connection.relay(relayed, newContext()),
    over: () => void exchanges++,
  });
  const open = () => connectTLS({ port: Number(new URL(proxy.url).port), host: '127.0.0.1', ca: proxy.certificate });
  // Nowhere else: a client that writes the token into other headers gives it away itself.
  const withToken = (bytes: Buffer): Buffer =>
    Buffer.from(bytes.toString('latin1').replaceAll(/^(authorization:[^\r\n]*)TOKEN/gim, `$1${proxy.token}`), 'latin1');
  let fed = 0;
  return {
    feed: async (input) => {
      const cut = input.indexOf(SEPARATOR);
      const [client, response] =
        cut < 0 ? [input, GOOD] : [input.subarray(0, cut), input.subarray(cut + SEPARATOR.length)];
      server.respond(() => response);
      const before = exchanges;
      const answer = (await exchangeBytes(open, withToken(client))).toString('latin1');
      promise(!server.received.includes(proxy.token), "the proxy's token reaches the server");
      promise(!answer.includes('of-the-cluster'), "the cluster's token reaches the client");
      const relayed = server.received.match(/^[A-Z]+ \/[^ ]* HTTP\/1\.1\r$/gm)?.length ?? 0;
      if (++fed % CHECK_EVERY === 0) {
        server.respond(() => GOOD);
        const ordinary = (await exchangeBytes(open, withToken(CLIENT_REQUESTS[0]!), PATIENT)).toString('latin1');
        promise(
          ordinary.startsWith('HTTP/1.1 200'),
          `the response to an ordinary request is "${ordinary.slice(0, 30)}" afterwards`,
        );
      }
      return `${answer.slice(9, 12)} after ${relayed} requests, ${exchanges - before} recorded`;
    },
    close: async () => {
      await proxy.close();
      cluster.close();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const proxy: Target = {
  name: 'run-proxy',
  reads: "bytes of the command and bytes of the API server on both sides of `run`'s proxy",
  corpus: () => [
    ...corpusOf('run-proxy'),
    ...CLIENT_REQUESTS.flatMap((client, index) => {
      const response = RELAYED_RESPONSES[index % RELAYED_RESPONSES.length] as Buffer;
      return [client, Buffer.concat([client, SEPARATOR, response])];
    }),
    ...RELAYED_RESPONSES.map((response) => Buffer.concat([CLIENT_REQUESTS[0]!, SEPARATOR, response])),
  ],
  mutations: BYTE_MUTATIONS,
  isPure: false,
  open: openRelay,
};

const DISCOVERY: Readonly<Record<string, unknown>> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [
      { name: 'pods', singularName: 'pod', namespaced: true, kind: 'Pod', verbs: ['get', 'list'], shortNames: ['po'] },
    ],
  },
};

const GET_OUTPUTS = ['table', 'json', 'yaml', 'name', 'wide'];

async function openGet(): Promise<OpenTarget> {
  const server = await openBytesServer();
  const commands = openCommands();
  return {
    feed: async (input) => {
      const sum = input.reduce((total, byte) => (total + byte) % 1000, 0);
      // Now and then it is the discovery that is not what it should be.
      const inDiscovery = sum % 5 === 0;
      server.respond((request) => {
        const path = /^GET ([^ ?]*)/.exec(request)?.[1] ?? '';
        const known = DISCOVERY[path];
        const body =
          known !== undefined && !(inDiscovery && path === '/api/v1') ? Buffer.from(JSON.stringify(known)) : input;
        return Buffer.concat([
          Buffer.from(
            `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n`,
          ),
          body,
        ]);
      });
      const form = GET_OUTPUTS[sum % GET_OUTPUTS.length] as string;
      const flags = [
        '--server',
        server.url,
        '--wait',
        '0s',
        '--cache-dir',
        join(tmpdir(), 'kubectl-trace-fuzz-none', String(sum)),
      ];
      return commands.run(['get', 'pods', ...(form === 'table' ? [] : ['--show-response', form]), ...flags]);
    },
    close: async () => {
      commands.close();
      await server.close();
    },
  };
}

const responses: Target = {
  name: 'api-responses',
  reads: 'lists, tables, objects and discovery of the API server, to what `get` prints',
  corpus: () => corpusOf('api-responses').map(compact),
  mutations: JSON_MUTATIONS,
  isPure: false,
  open: openGet,
};

export const CLUSTER: readonly Target[] = [proxy, responses];
