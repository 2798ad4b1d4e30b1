import type { Cluster, Exchange, KubeRequest, RequestContext } from '../kube/http/exchange.ts';
import { sendUntilServed } from '../kube/http/repeat.ts';
import type { ResourceType } from '../kube/api/resource-type.ts';
import { requestFailure, type RequestFailure } from '../kube/api/request-failure.ts';
import { withReadError } from '../kube/http/read-error.ts';
import { auditIDOf } from '../propagation/audit-id.ts';
import type { Runtime } from '../runtime.ts';
import { newSpanID, type SpanID, type TraceID } from '../trace/ids.ts';
import { after, type EpochNanos } from '../trace/time.ts';
import { beginTrace } from './trace-beginning.ts';

/** What a request is for, in kubectl's words. */
export interface Errand {
  /** What its answer is about. */
  readonly type?: ResourceType;
  /** kubectl's line when it succeeded: `configmap/web created`. */
  readonly outcome?: (exchange: Exchange) => string;
  /** What stands before the server's message when it failed: `error when creating "web.yaml": `. */
  readonly failed?: string;
  /** An object that is not there is no failure. */
  readonly ignoreNotFound?: boolean;
  /** Whatever is answered: the request that comes after it will tell. */
  readonly ignoreFailure?: boolean;
}

/**
 * One command's requests under one trace ID: gives each its own client span, sends it, and keeps what came back. Sent
 * again, with a span of its own, is only what a busy server asks for again, as every client of Kubernetes does:
 *
 *     POST 429 |--|  Retry-After: 1  |-- POST 201 --|
 */
export class Journal {
  readonly traceID: TraceID;
  /** The command's own span, the parent of every request's. */
  readonly spanID: SpanID;
  /** Of whoever started the command; null where it begins the trace. */
  readonly parentSpanID: SpanID | null;
  readonly exchanges: Exchange[] = [];
  /** Of the answers something is on standard output already. */
  isShown = false;
  readonly #errands = new Map<Exchange, Errand>();
  /** Answered by "come back later" and sent again, or redirected. */
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

  readonly send = (request: KubeRequest, errand?: Errand): Promise<Exchange> => {
    const { clock, err, interrupted } = this.#runtime;
    const sendOnce = async (): Promise<Exchange> => {
      const exchange = await this.#sendOnce(request, errand);
      if (errand !== undefined) this.#errands.set(exchange, errand);
      return exchange;
    };
    return sendUntilServed(sendOnce, {
      clock,
      signal: interrupted,
      isAgainAtOnce: async ({ status }) => status === 401 && (await this.#renew()),
      onPause: ({ status }, pause) =>
        err.write(`The server is busy (${status}): sending the request again after ${pause / 1000}s, as it asks\n`),
      onRepeat: (exchange) => this.#repeated.add(exchange),
    });
  };

  /** Credentials of a plugin may have expired: others are asked for, once. */
  async #renew(): Promise<boolean> {
    if (this.#renewed) return false;
    this.#renewed = true;
    return (await this.#cluster.renew?.()) ?? false;
  }

  /** One request, and one for each redirect; only the last counts. */
  async #sendOnce(request: KubeRequest, errand: Errand | undefined): Promise<Exchange> {
    const { interrupted } = this.#runtime;
    const cluster = this.#cluster;
    const first = await cluster.send(request, this.#newContext(), interrupted);
    const { sendTo } = cluster;
    const answered =
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
    const exchange = errand?.type === undefined ? answered : withReadError(answered);
    this.exchanges.push(exchange);
    return exchange;
  }

  #newContext(): RequestContext {
    const spanID = newSpanID(this.#runtime.random);
    return { traceID: this.traceID, spanID, auditID: auditIDOf(this.traceID, spanID) };
  }

  /** The type that the answer is about; undefined where nobody has said so. */
  typeOf(exchange: Exchange): ResourceType | undefined {
    return this.#errands.get(exchange)?.type;
  }

  /** kubectl's line about what was done; null when nothing was. */
  outcomeOf(exchange: Exchange): string | null {
    const { status, error } = exchange;
    if (status === null || status >= 300 || error !== null) return null;
    return this.#errands.get(exchange)?.outcome?.(exchange) ?? null;
  }

  /** Why a request failed, in kubectl's words; undefined when it did not. */
  failureOf(exchange: Exchange): RequestFailure | undefined {
    const { failed, ignoreNotFound, ignoreFailure } = this.#errands.get(exchange) ?? {};
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

  /** The end of the last answer: when the command's own span ends. */
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
