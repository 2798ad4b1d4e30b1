import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { boundText, MAX_BODY_BYTES, ResponseTooLarge } from '../../response-bounds.ts';
import { withDeadline } from '../../deadline.ts';
import { between } from '../../trace/time.ts';
import { watchedBy } from './connect.ts';
import { ConnectionMeasure, measureOf, onceSentWithHandshake, watchConnection } from './connection-watch.ts';
import type { Exchange, KubeRequest, TransportError } from './exchange.ts';
import { LineCount } from './line-count.ts';
import { momentOf, PhaseRecord, type Moment, type PhaseEnd } from './phases.ts';
import { plainBody } from './plain-body.ts';
import { encodeQuery } from '../api/request.ts';
import { headersOf, warningsOf } from './response-headers.ts';
import { StreamOpening } from './stream-opening.ts';
import { tlsEndOf } from './tls-end.ts';
import { Turns } from './turns.ts';
import type { Transport } from './transport.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** Receives a stream's bytes as they arrive; the body is then empty. Only for a response with status 200. */
export type OnData = (chunk: Uint8Array) => void;

/** Sends one request, once, and measures it. Failures are values. `headers` are all headers, credentials included. */
export async function sendOnce(
  transport: Transport,
  request: KubeRequest,
  context: Exchange['context'],
  headers: Headers,
  signal: AbortSignal,
  onData?: OnData,
): Promise<Exchange> {
  const attempt = new Attempt(transport, request, onData);
  const error = await attempt.run(request, headers, signal);
  const { record, response, measure, opening } = attempt;
  const end = attempt.endedAt ?? momentOf(transport.clock);
  const received = headersOf(response?.rawHeaders ?? []);
  return {
    request,
    context,
    startedAt: record.start,
    durationNanos: between(record.start, end.at),
    ...record.phases(end, {
      dns: !attempt.reused && isIP(transport.hostname) === 0,
      connect: !attempt.reused,
      tls: !attempt.reused && transport.secure,
    }),
    openNanos: opening.openUntil(end.at),
    roundTripNanos: measure?.roundTrip ?? null,
    tlsEnd: tlsEndOf(measure?.certificate, received, transport.basePath),
    connectionReused: attempt.reused,
    status: response?.statusCode ?? null,
    headers: received,
    body: attempt.plain,
    requestBytes: request.body?.length ?? 0,
    responseBytes: attempt.responseBytes,
    auditID: received['audit-id'] ?? null,
    warnings: warningsOf(response?.headersDistinct['warning'] ?? []),
    error,
  };
}

/** One try at one request, and what became known in it. */
class Attempt {
  record: PhaseRecord;
  readonly opening: StreamOpening;
  reused = false;
  response: IncomingMessage | undefined;
  /** Bytes of the body as they came, once it is in. */
  responseBytes = 0;
  /** The body, decompressed. */
  plain: Uint8Array = new Uint8Array();
  /** When the last byte was in; undefined when it never was. */
  endedAt: Moment | undefined;
  /** Round trips and certificate of the connection. */
  measure: ConnectionMeasure | undefined;
  #isOver = false;
  readonly #turns: Turns;
  readonly #transport: Transport;
  readonly #onData: OnData | undefined;

  constructor(transport: Transport, request: KubeRequest, onData: OnData | undefined) {
    this.#transport = transport;
    this.#onData = onData;
    this.opening = new StreamOpening(request, transport.clock);
    this.#turns = new Turns(transport.clock);
    this.record = new PhaseRecord(momentOf(transport.clock), this.#turns);
  }

  /** Resolves with null when the response is complete. */
  async run(request: KubeRequest, headers: Headers, signal: AbortSignal): Promise<TransportError | null> {
    const { clock, timeoutMillis } = this.#transport;
    if (signal.aborted) return (await import('./transport-error.ts')).interruptedError;
    // One deadline over request and body: a limit that ended at the headers would not limit a stalled body.
    const millis = timeoutMillis > 0 ? timeoutMillis : Infinity;
    return withDeadline(clock, millis, signal, async (both, late) => {
      try {
        const body = await this.#exchange(request, headers, both);
        this.responseBytes = body.length;
        const encoding = this.response?.headers['content-encoding'];
        this.plain = await plainBody(body, encoding, both, request.maxBytes);
        return null;
      } catch (error) {
        const [isInterrupted, isLate] = [signal.aborted, late.aborted];
        // Loaded by those few commands whose request fails.
        const { interruptedError, timeoutError } = await import('./transport-error.ts');
        if (isInterrupted) return interruptedError;
        return isLate ? timeoutError(this.response !== undefined) : await this.#errorOf(error);
      }
    });
  }

  async #errorOf(error: unknown): Promise<TransportError> {
    if (this.response !== undefined) {
      const { bodyError } = await import('./body-error.ts');
      return bodyError(error, this.#transport, this.endedAt !== undefined);
    }
    const { transportError } = await import('./transport-error.ts');
    return transportError(error, this.#transport, {
      certificate: this.measure?.certificate,
      authorities: this.#transport.authorities,
      name: this.#transport.verifiedName,
      now: new Date(Number(this.#transport.clock.now() / 1_000_000n)),
    });
  }

  async #exchange(request: KubeRequest, headers: Headers, signal: AbortSignal): Promise<Buffer> {
    const { secure, hostname, port, basePath, agent } = this.#transport;
    const query = encodeQuery(request.query);
    const { maxBytes = MAX_BODY_BYTES } = request;
    // The request begins now. What this program needed until here is the command's own time.
    this.record = new PhaseRecord(momentOf(this.#transport.clock), this.#turns);
    return new Promise((resolve, reject) => {
      const outgoing = (secure ? httpsRequest : httpRequest)({
        hostname,
        port,
        agent,
        signal,
        method: request.method,
        path: `${basePath}${request.path}${query === '' ? '' : `?${query}`}`,
        headers: { ...headers } as Record<string, string | string[]>,
        ...watchedBy((socket) => this.#watch(socket)),
      });
      outgoing.on('error', (error) => {
        if (request.streamEnd === undefined || this.response === undefined) reject(error);
      });
      outgoing.on('socket', (socket) => {
        this.#take(socket, outgoing.reusedSocket);
        request.onConnection?.(outgoing.reusedSocket);
        onceSentWithHandshake(socket, outgoing, () => this.#written());
      });
      outgoing.on('finish', () => this.#written());
      outgoing.on('response', (response) => {
        this.#mark('firstByte');
        this.response = response;
        this.opening.begin(response.statusCode, response.headers['content-encoding']);
        const chunks: Buffer[] = [];
        let size = 0;
        const end = (): void => {
          if (this.#isOver) return;
          this.#isOver = true;
          this.endedAt = momentOf(this.#transport.clock);
          this.record.mark('end', this.endedAt);
          resolve(Buffer.concat(chunks));
        };
        const leave = (): void => {
          end();
          response.destroy();
        };
        const taken = response.statusCode === 200 ? this.#onData : undefined;
        const lines = new LineCount(request.streamEnd, this.#transport.clock, leave);
        response.on('data', (chunk: Buffer) => {
          if (this.#isOver) return;
          this.record.received(this.#transport.clock.now(), chunk.length);
          this.opening.take(chunk);
          if (taken !== undefined) return taken(chunk);
          const wanted = lines.take(chunk);
          size += wanted.length;
          if (size > maxBytes) {
            chunks.length = 0;
            return response.destroy(new ResponseTooLarge(boundText(maxBytes)));
          }
          chunks.push(wanted);
          request.streamEnd?.onMore?.(wanted);
          if (lines.isOver) leave();
        });
        // The received part of an interrupted watch is reported.
        response.on('error', (error) => (request.streamEnd !== undefined && signal.aborted ? end() : reject(error)));
        response.on('end', end);
        response.on('close', () => lines.stop());
      });
      outgoing.end(request.body);
    });
  }

  #watch(socket: Socket): void {
    this.measure ??= new ConnectionMeasure(this.record.begun, this.#turns);
    watchConnection(socket, this.measure, this.#transport.clock, this.record);
  }

  /** The request has got its connection: a new one, or that of an earlier request. */
  #take(socket: Socket, reused: boolean): void {
    this.reused = reused;
    if (reused) this.measure = measureOf(socket);
    // Other agents do not show it before.
    else if (this.measure === undefined) this.#watch(socket);
  }

  #written(): void {
    const now = momentOf(this.#transport.clock);
    this.record.mark('written', now);
    if (!this.reused) this.measure?.sent(now);
    this.#turns.endSoon();
  }

  #mark(end: PhaseEnd): void {
    this.record.mark(end, momentOf(this.#transport.clock));
  }
}
