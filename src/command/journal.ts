import type { Cluster, Exchange, KubeRequest, RequestContext } from '../kube/exchange.ts';
import { auditIDOf } from '../propagation/audit-id.ts';
import type { Runtime } from '../runtime.ts';
import { newSpanID, newTraceID, type SpanID, type TraceID } from '../trace/ids.ts';
import { after, type EpochNanos } from '../trace/time.ts';

/** One command's requests under one trace ID: gives each its own client span, sends it once, and keeps what came back. */
export class Journal {
  readonly traceID: TraceID;
  /** The command's own span, the parent of every request's. */
  readonly spanID: SpanID;
  readonly exchanges: Exchange[] = [];
  readonly #cluster: Cluster;
  readonly #runtime: Runtime;
  readonly #createdAt: EpochNanos;

  constructor(cluster: Cluster, runtime: Runtime) {
    this.#cluster = cluster;
    this.#runtime = runtime;
    this.traceID = newTraceID(runtime.random);
    this.spanID = newSpanID(runtime.random);
    this.#createdAt = runtime.clock.now();
  }

  readonly send = async (request: KubeRequest): Promise<Exchange> => {
    const spanID = newSpanID(this.#runtime.random);
    const context: RequestContext = { traceID: this.traceID, spanID, auditID: auditIDOf(this.traceID, spanID) };
    const exchange = await this.#cluster.send(request, context, this.#runtime.interrupted);
    this.exchanges.push(exchange);
    return exchange;
  };

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
