import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { framingOf, hasBody } from '../kube/http/relay-headers.ts';
import type { Relay, RelayConnection, RelayedExchange } from '../kube/http/relay.ts';
import type { ServerIdentity } from './certificate.ts';
import { forward } from './forward.ts';
import { refuse, refuseUpgrade, UNAUTHORIZED, type Refusal } from './refusal.ts';
import type { ProxyTask } from './task.ts';
import { upgrade } from './upgrade.ts';

/** More at once than any client has, and few enough to be held. */
const MAX_CONNECTIONS = 1024;
/** Connections without a request that had the token. Any user of this machine can make them: the oldest goes first. */
export const MAX_UNPROVEN = 128;
const HANDSHAKE_TIMEOUT_MILLIS = 10_000;
const MAX_HEADER_BYTES = 1024 * 1024;

/**
 * TLS, because clients send a token over nothing else, and HTTP/1.1 alone. It listens nowhere: its connections are handed
 * to it.
 */
export function secureServer({ certificate, key }: ServerIdentity): Server {
  const server = createServer({
    cert: certificate,
    key,
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: HANDSHAKE_TIMEOUT_MILLIS,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  // A client decides how long it waits, and how long it keeps a connection for the next request.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  return server;
}

/** Its bytes would be those of the other protocol, while the API server waits for a body. */
const BODY_OF_UPGRADE: Refusal = {
  code: 400,
  reason: 'BadRequest',
  message: 'a request for another protocol has no body here',
};

/** On loopback the client's port identifies a connection, with TLS and below it. */
const portOf = ({ remotePort }: { readonly remotePort?: number | undefined }): number => remotePort ?? 0;

/** The connections of a proxy, and what goes through them. */
export class Traffic {
  readonly #task: ProxyTask;
  readonly #credential: Buffer;
  readonly #connections = new Map<Duplex, RelayConnection>();
  readonly #underWay = new Set<Promise<void>>();
  /** By the client's port, from the oldest. */
  readonly #unproven = new Map<number, Socket>();
  readonly #proven = new Set<number>();

  constructor(task: ProxyTask, token: string) {
    this.#task = task;
    this.#credential = Buffer.from(`Bearer ${token}`);
  }

  listenTo(server: Server): void {
    server.on('connection', (socket: Socket) => this.#guard(socket));
    server.on('secureConnection', (socket: Duplex) => {
      this.#connections.set(socket, this.#task.connect());
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        this.#connections.get(socket)?.close();
        this.#connections.delete(socket);
      });
    });
    const take: RequestListener = (incoming, response) => {
      const relay = this.#admit(incoming);
      if ('code' in relay) refuse(response, relay);
      else this.#follow(forward(incoming, response, relay));
    };
    server.on('request', take);
    // Whether it wants to see the body is for the API server to say.
    server.on('checkContinue', (incoming, response) => {
      response.writeContinue();
      take(incoming, response);
    });
    server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
      const relay = this.#admit(incoming, hasBody(incoming.rawHeaders) ? BODY_OF_UPGRADE : undefined);
      if ('code' in relay) refuseUpgrade(socket, relay);
      else this.#follow(upgrade(socket, head, relay));
    });
  }

  async end(): Promise<void> {
    for (const socket of this.#connections.keys()) socket.destroy();
    await Promise.all(this.#underWay);
  }

  /** Idle connections of another user must not keep the command's out: they are dropped, the oldest first. */
  #guard(socket: Socket): void {
    const key = portOf(socket);
    this.#unproven.set(key, socket);
    this.#proven.delete(key);
    socket.once('close', () => {
      if (this.#unproven.get(key) === socket) this.#unproven.delete(key);
      this.#proven.delete(key);
    });
    const [oldest] = this.#unproven.size > MAX_UNPROVEN ? this.#unproven.values() : [];
    oldest?.destroy();
  }

  #admit(incoming: IncomingMessage, refusal?: Refusal): Relay | Refusal {
    const { method = 'GET', url = '/', rawHeaders } = incoming;
    if (!this.#isKnown(incoming.headers.authorization)) return UNAUTHORIZED;
    if (refusal !== undefined) return refusal;
    const key = portOf(incoming.socket);
    this.#unproven.delete(key);
    this.#proven.add(key);
    if (this.#proven.size > MAX_CONNECTIONS) {
      return { code: 503, reason: 'ServiceUnavailable', message: `more than ${MAX_CONNECTIONS} connections at once` };
    }
    if (framingOf(rawHeaders) === 'unknown') {
      return { code: 400, reason: 'BadRequest', message: 'the request does not say where its body ends' };
    }
    const connection = this.#connections.get(incoming.socket);
    // An absolute URL would be another server's.
    if (connection === undefined || !url.startsWith('/')) {
      return { code: 400, reason: 'BadRequest', message: 'the address is not a path of the API server' };
    }
    return this.#task.send(connection, { method, target: url, rawHeaders });
  }

  /** In constant time, so that the token cannot be guessed bit by bit. */
  #isKnown(given = ''): boolean {
    const bytes = Buffer.from(given);
    return bytes.length === this.#credential.length && timingSafeEqual(bytes, this.#credential);
  }

  #follow(ending: Promise<RelayedExchange>): void {
    const done = this.#record(ending);
    this.#underWay.add(done);
    void done.finally(() => this.#underWay.delete(done));
  }

  async #record(ending: Promise<RelayedExchange>): Promise<void> {
    this.#task.over(await ending);
  }
}
