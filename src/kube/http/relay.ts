import { request as httpRequest, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { createGunzip } from 'node:zlib';
import { between } from '../../trace/time.ts';
import { isConnection } from '../api/webhook-rules.ts';
import { watchedBy } from './connect.ts';
import { ConnectionMeasure, measureOf, onceSentWithHandshake, watchConnection } from './connection-watch.ts';
import type { Exchange, KubeRequest, TransportError } from './exchange.ts';
import { KeptBody, SentBody, type KeptBodies } from './kept-body.ts';
import { momentOf, PhaseRecord } from './phases.ts';
import { relayHeaders, type RelayHeaders, type RelayIdentity } from './relay-headers.ts';
import { relayedRequest } from './relayed-request.ts';
import { headersOf, warningsOf } from './response-headers.ts';
import type { Transport } from './transport.ts';
import { StreamOpening } from './stream-opening.ts';
import { tlsEndOf } from './tls-end.ts';
import { transportError } from './transport-error.ts';
import { Turns } from './turns.ts';
import type { RequestContext } from '../../propagation/request-context.ts';

/** A request of another client, as it came. */
export interface RelayedRequest {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly target: string;
  /** Names and values in turns. */
  readonly rawHeaders: readonly string[];
}

/** A connection to the API server for one connection of another client: both are made, used again and lost together. */
export interface RelayConnection {
  /** Forwards a request with the user's credentials. The caller writes its body and reads its response. */
  relay(request: RelayedRequest, context: RequestContext): Relay;
  close(): void;
}

/** `identity` is called for each request: credentials may have been renewed. */
export function openRelayConnection(
  transport: Transport,
  identity: () => RelayIdentity,
  keep: KeptBodies = 'refusals',
): RelayConnection {
  const own = transport.newAgent?.();
  return {
    relay: (request, context) =>
      new Relay(transport, own ?? transport.agent, {
        request,
        context,
        headers: relayHeaders(request.rawHeaders, context, identity()),
        keep,
      }),
    close: () => own?.destroy(),
  };
}

/** As Go's servers have it: exec has its whole command in the address. */
const MAX_HEADER_BYTES = 1024 * 1024;

/** Between the two ends of a relayed request: what became known of it. */
export class Relay {
  readonly outgoing: ClientRequest;
  readonly request: KubeRequest;
  readonly sent: SentBody;
  readonly #transport: Transport;
  readonly #context: RequestContext;
  readonly #turns: Turns;
  readonly #record: PhaseRecord;
  readonly #opening: StreamOpening;
  readonly #userAgent: string;
  readonly #body: KeptBody;
  #reused = false;
  #measure: ConnectionMeasure | undefined;
  #response: IncomingMessage | undefined;
  readonly #ending = Promise.withResolvers<RelayedExchange>();
  /** The exchange, once the request is over. Never rejects. */
  readonly ended = this.#ending.promise;
  #isOver = false;

  constructor(
    transport: Transport,
    agent: Agent,
    sent: {
      readonly request: RelayedRequest;
      readonly context: RequestContext;
      readonly headers: RelayHeaders;
      readonly keep: KeptBodies;
    },
  ) {
    const { secure, hostname, port, basePath, clock } = transport;
    const { method, target } = sent.request;
    this.#transport = transport;
    this.#turns = new Turns(clock);
    this.#context = sent.context;
    this.#body = new KeptBody(sent.keep);
    this.request = relayedRequest(method, target);
    this.sent = new SentBody(this.request);
    this.#userAgent = [sent.headers['user-agent'] ?? ''].flat()[0] ?? '';
    this.#record = new PhaseRecord(momentOf(clock), this.#turns);
    this.outgoing = (secure ? httpsRequest : httpRequest)({
      hostname,
      port,
      agent,
      method,
      path: basePath + target,
      headers: { ...sent.headers },
      maxHeaderSize: MAX_HEADER_BYTES,
      ...watchedBy((socket) => this.#watch(socket)),
    });
    this.#opening = new StreamOpening(this.request, clock, createGunzip);
    this.outgoing.on('finish', () => this.#written());
    this.outgoing.on('socket', (socket) => {
      this.#reused = this.outgoing.reusedSocket;
      if (this.#reused) this.#measure = measureOf(socket);
      // Other agents do not show it before.
      else if (this.#measure === undefined) this.#watch(socket);
      onceSentWithHandshake(socket, this.outgoing, () => this.#written());
    });
  }

  get isAnswered(): boolean {
    return this.#response !== undefined;
  }

  /** A reused connection was lost before a response began: its server may have closed it as idle. */
  get isLost(): boolean {
    return this.#reused && this.#response === undefined;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  responded(response: IncomingMessage): void {
    this.#record.mark('firstByte', momentOf(this.#transport.clock));
    this.#response = response;
    this.#opening.begin(response.statusCode, response.headers['content-encoding']);
  }

  received(chunk: Buffer): void {
    this.#record.received(this.#transport.clock.now(), chunk.length);
    this.#opening.take(chunk);
    this.#body.take(chunk, this.#response?.statusCode ?? 0);
  }

  /** The client does not read, so that the server's next bytes wait; or it has read. */
  readonly mark = (reading: 'held' | 'resumed'): void => this.#record[reading](momentOf(this.#transport.clock));

  /** In kubectl's words. */
  errorOf(error: unknown): TransportError {
    const { authorities, verifiedName: name, clock } = this.#transport;
    return transportError(error, this.#transport, {
      certificate: this.#measure?.certificate,
      authorities,
      name,
      now: new Date(Number(clock.now() / 1_000_000n)),
    });
  }

  /** The request is over, by whatever ends it first: several of its connections' events may say so. */
  end(error: TransportError | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#ending.resolve(this.#exchange(error));
  }

  #exchange(error: TransportError | null): RelayedExchange {
    const { clock, hostname, secure, basePath } = this.#transport;
    const end = momentOf(clock);
    if (error === null) this.#record.mark('end', end);
    const openNanos = this.#opening.openUntil(end.at);
    const response = this.#response;
    const headers = headersOf(response?.rawHeaders ?? []);
    return {
      request: this.sent.of(this.request),
      context: this.#context,
      startedAt: this.#record.start,
      durationNanos: between(this.#record.start, end.at),
      ...this.#record.phases(end, {
        dns: !this.#reused && isIP(hostname) === 0,
        connect: !this.#reused,
        tls: !this.#reused && secure,
        isStream: openNanos !== null,
      }),
      openNanos,
      roundTripNanos: this.#measure?.roundTrip ?? null,
      tlsEnd: tlsEndOf(this.#measure?.certificate, headers, basePath),
      connectionReused: this.#reused,
      status: response?.statusCode ?? null,
      headers,
      body: this.#body.stored(),
      requestBytes: this.sent.bytes,
      responseBytes: this.#body.bytes,
      // A kubelet's response, to a stream or instead of one, has no Audit-Id: the API server has taken the request's.
      auditID: headers['audit-id'] ?? (response && isConnection(this.request) ? this.#context.auditID : null),
      warnings: warningsOf(response?.headersDistinct['warning'] ?? []),
      error,
      userAgent: this.#userAgent,
    };
  }

  #watch(socket: Socket): void {
    this.#measure ??= new ConnectionMeasure(this.#record.begun, this.#turns);
    watchConnection(socket, this.#measure, this.#transport.clock, this.#record);
  }

  #written(): void {
    const now = momentOf(this.#transport.clock);
    this.#record.mark('written', now);
    if (!this.#reused) this.#measure?.sent(now);
    this.#turns.endSoon();
  }
}

/** The body is the beginning of a refusal, unless all bodies are wanted. */
export interface RelayedExchange extends Exchange {
  /** User agent of the client that sent the request. */
  readonly userAgent: string;
}
