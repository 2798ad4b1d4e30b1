import type { RelayingCluster } from '../../kube/cluster.ts';
import type { KeptBodies } from '../../kube/http/kept-body.ts';
import type { RelayedExchange } from '../../kube/http/relay.ts';
import { requestContext } from '../../propagation/request-context.ts';
import type { ProxyTask } from '../../proxy/task.ts';
import type { Runtime } from '../../runtime.ts';
import type { SpanID, TraceID } from '../../trace/ids.ts';
import type { EpochNanos } from '../../trace/time.ts';
import { beginTrace, type TraceBeginning } from '../../tracing/trace-beginning.ts';

/** A program that runs for days must not fill the memory: requests beyond these bounds are passed on and counted. */
const MAX_RECORDED = 10_000;
/**
 * Maximum size of addresses, headers and refusals. A request takes about 2 KB, but a server and the command may send
 * 1 MiB each.
 */
const MAX_RECORDED_BYTES = 64 * 1024 * 1024;

/** The trace and the start of a command. */
export interface BegunCommand {
  readonly trace: TraceBeginning;
  readonly startedAt: EpochNanos;
}

/** The requests of a command that is not ours, under one trace ID: gives each its own client span, and keeps what came back. */
export class RelayRecorder {
  readonly traceID: TraceID;
  readonly spanID: SpanID;
  readonly parentSpanID: SpanID | null;
  readonly exchanges: RelayedExchange[] = [];
  /** How many requests are not among them. */
  notRecorded = 0;
  /** Number of requests that the proxy refused: the user must not impersonate yet another user. */
  refused = 0;
  /** When the command was started, and when it ended. */
  startedAt: EpochNanos;
  endedAt: EpochNanos;
  #isRenewing = false;
  #recordedBytes = 0;
  readonly #runtime: Runtime;
  readonly #cluster: RelayingCluster;
  /** Our user acts as another one already, who may not be allowed to do what the first one is. */
  readonly #mayImpersonate: boolean;

  /** `begun`: the trace and the start of a command that runs already. */
  constructor(
    cluster: RelayingCluster,
    runtime: Runtime,
    { mayImpersonate, begun }: { readonly mayImpersonate: boolean; readonly begun?: BegunCommand | undefined },
  ) {
    const { traceID, spanID, parentSpanID } = begun?.trace ?? beginTrace(runtime);
    this.traceID = traceID;
    this.spanID = spanID;
    this.parentSpanID = parentSpanID;
    this.startedAt = begun?.startedAt ?? runtime.clock.now();
    this.endedAt = this.startedAt;
    this.#cluster = cluster;
    this.#runtime = runtime;
    this.#mayImpersonate = mayImpersonate;
  }

  /** The proxy's treatment of each request. */
  async openTask(keep: KeptBodies = 'refusals'): Promise<ProxyTask> {
    return {
      connect: await this.#cluster.openRelay(keep),
      send: (connection, request) => {
        if (!this.#mayImpersonate && request.rawHeaders.some((name) => /^impersonate-/i.test(name))) {
          this.refused++;
          return REFUSED;
        }
        return connection.relay(request, requestContext(this.#runtime.random, this.traceID));
      },
      over: (exchange) => {
        // As client-go: the refusal is the client's, and its next request has other credentials.
        if (exchange.status === 401) void this.#renew();
        this.#recordedBytes += sizeOf(exchange);
        if (this.exchanges.length < MAX_RECORDED && this.#recordedBytes <= MAX_RECORDED_BYTES)
          this.exchanges.push(exchange);
        else this.notRecorded++;
      },
    };
  }

  /** A plugin that fails has said why on standard error; the next request is refused as well. */
  async #renew(): Promise<void> {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    await this.#cluster.renew?.().catch(() => false);
    this.#isRenewing = false;
  }

  /** The command begins now. */
  begin(): void {
    this.startedAt = this.#runtime.clock.now();
  }

  /** The command has ended. */
  end(): void {
    this.endedAt = this.#runtime.clock.now();
  }

  /** Requests in the order in which they were sent, which is not that of their ends. */
  sort(): void {
    this.exchanges.sort((a, b) => Number(a.startedAt - b.startedAt));
  }
}

function sizeOf({ request, headers, body, userAgent }: RelayedExchange): number {
  const texts = [request.path, ...request.query.flat(), ...Object.values(headers), userAgent];
  return texts.reduce((sum, text) => sum + text.length, body.length);
}

const REFUSED = {
  code: 403,
  reason: 'Forbidden',
  message:
    '--tracer-user already impersonates the current user: run the command without it to impersonate another user',
};
