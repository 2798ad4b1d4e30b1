import type { Cluster, Exchange, KubeRequest } from '../kube/http/exchange.ts';
import { sendUntilServed } from '../kube/http/repeat.ts';
import type { ResourceType } from '../kube/api/resource-type.ts';
import { requestFailure, type RequestFailure } from '../kube/api/request-failure.ts';
import { withReadError } from '../kube/http/read-error.ts';
import { requestContext, type RequestContext } from '../propagation/request-context.ts';
import type { Runtime } from '../runtime.ts';
import type { SpanID, TraceID } from '../trace/ids.ts';
import { after, type EpochNanos } from '../trace/time.ts';
import { beginTrace } from './trace-beginning.ts';

/** How the response to a request is read, in kubectl's words. */
export interface ResponseHandling {
  /** The type of the objects in the response. */
  readonly type?: ResourceType;
  /** kubectl's line when it succeeded: `configmap/web created`. */
  readonly outcome?: (exchange: Exchange) => string;
  /** Text before the server's message when it failed: `error when creating "web.yaml": `. */
  readonly failed?: string;
  /** A missing object is not a failure. */
  readonly ignoreNotFound?: boolean;
  /** A failure is ignored: the request after it will show it. */
  readonly ignoreFailure?: boolean;
}

/**
 * One command's requests under one trace ID: gives each its own client span, sends it, and records the response. A
 * request is sent again, with its own span, only when a busy server requests it, as every client of Kubernetes does:
 *
 *     POST 429 |--|  Retry-After: 1  |-- POST 201 --|
 */
export class RequestRecorder {
  readonly traceID: TraceID;
  /** The command's own span, the parent of every request's. */
  readonly spanID: SpanID;
  /** Span of the process that started the command; null where it begins the trace. */
  readonly parentSpanID: SpanID | null;
  readonly exchanges: Exchange[] = [];
  /** A part of the responses is on standard output already. */
  hasPrinted = false;
  readonly #handlings = new Map<Exchange, ResponseHandling>();
  /** Exchanges that ended in "come back later" and were sent again, or in a redirect. */
  readonly #repeated = new Set<Exchange>();
  #renewed = false;
  readonly #cluster: Cluster;
  readonly #runtime: Runtime;
  readonly #createdAt: EpochNanos;

  constructor(cluster: Cluster, runtime: Runtime) {
    this.#cluster = cluster;
    this.#runtime = runtime;
    const { traceID, spanID, parentSpanID } = beginTrace(runtime);
    this.traceID = traceID;
    this.spanID = spanID;
    this.parentSpanID = parentSpanID;
    this.#createdAt = runtime.clock.now();
  }

  readonly send = (request: KubeRequest, handling?: ResponseHandling): Promise<Exchange> => {
    const { clock, err, interrupted } = this.#runtime;
    const sendOnce = async (): Promise<Exchange> => {
      const exchange = await this.#sendOnce(request, handling);
      if (handling !== undefined) this.#handlings.set(exchange, handling);
      return exchange;
    };
    return sendUntilServed(sendOnce, {
      clock,
      signal: interrupted,
      isAgainAtOnce: async ({ status }) => status === 401 && (await this.#renew()),
      onPause: ({ status }, pause) =>
        err.write(
          `The server is busy (${status}): sending the request again after ${pause / 1000}s, as it requested\n`,
        ),
      onRepeat: (exchange) => this.#repeated.add(exchange),
    });
  };

  /** Credentials of a plugin may have expired: new ones are requested, once. */
  async #renew(): Promise<boolean> {
    if (this.#renewed) return false;
    this.#renewed = true;
    return (await this.#cluster.renew?.()) ?? false;
  }

  /** One request, and one for each redirect; only the last counts. */
  async #sendOnce(request: KubeRequest, handling: ResponseHandling | undefined): Promise<Exchange> {
    const { interrupted } = this.#runtime;
    const cluster = this.#cluster;
    const first = await cluster.send(request, this.#newContext(), interrupted);
    const { sendTo } = cluster;
    const last =
      sendTo === undefined || !mayRedirect(first)
        ? first
        : await (
            await import('../kube/http/redirect.ts')
          ).followRedirects(first, cluster.server, {
            sendTo: (next, url, trusted) => sendTo(next, { url, trusted }, this.#newContext(), interrupted),
            onFollow: (exchange) => {
              this.exchanges.push(exchange);
              this.#repeated.add(exchange);
            },
          });
    const exchange = handling?.type === undefined ? last : withReadError(last);
    this.exchanges.push(exchange);
    return exchange;
  }

  #newContext(): RequestContext {
    return requestContext(this.#runtime.random, this.traceID);
  }

  /** The type that the response is about; undefined where it was not given. */
  typeOf(exchange: Exchange): ResourceType | undefined {
    return this.#handlings.get(exchange)?.type;
  }

  /** kubectl's line about what was done; null when nothing was. */
  outcomeOf(exchange: Exchange): string | null {
    const { status, error } = exchange;
    if (status === null || status >= 300 || error !== null) return null;
    return this.#handlings.get(exchange)?.outcome?.(exchange) ?? null;
  }

  /** Why a request failed, in kubectl's words; undefined when it did not. */
  failureOf(exchange: Exchange): RequestFailure | undefined {
    const { failed, ignoreNotFound, ignoreFailure } = this.#handlings.get(exchange) ?? {};
    if (this.#repeated.has(exchange)) return undefined;
    if (ignoreNotFound === true && exchange.status === 404) return undefined;
    if ((ignoreFailure === true || exchange.request.mayFail === true) && exchange.status !== null) return undefined;
    const { contextName } = this.#cluster;
    return requestFailure(exchange, { contextName, ...(failed !== undefined && { failed }) });
  }

  /**
   * When the first request was begun: the command's own span starts with it. What comes before is this program being
   * loaded, which says nothing about the cluster.
   */
  get startedAt(): EpochNanos {
    return this.exchanges[0]?.startedAt ?? this.#createdAt;
  }

  /** The end of the last response: when the command's own span ends. */
  get endedAt(): EpochNanos {
    return this.exchanges.reduce((latest, exchange) => {
      const end = after(exchange.startedAt, exchange.durationNanos);
      return end > latest ? end : latest;
    }, this.startedAt);
  }
}

/** Few servers do: what follows is loaded for them alone. */
const mayRedirect = ({ status, error }: Exchange): boolean =>
  error === null && status !== null && status >= 300 && status < 400 && status !== 304;
