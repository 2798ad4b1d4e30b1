import { ClusterClock } from '../../kube/api/cluster-clock.ts';
import type { Exchange, KubeRequest } from '../../kube/http/exchange.ts';
import { parseJSON } from '../../kube/json.ts';
import { isListed, readList, readPages, type PageBounds } from '../../kube/api/list.ts';
import { requestFailure, requestFailureError } from '../../kube/api/request-failure.ts';
import type { SendStream } from '../../kube/api/watch.ts';
import type { Gap } from '../../pod/pod-snapshot.ts';

/** A namespace may hold tens of thousands of events: this many pages of 500 are read. */
const MAX_PAGES = 10;

/**
 * Reads the data about pods. An unreadable object does not fail the command: it is noted once, by what it is, and not
 * queried again when it is forbidden.
 */
export class PodReader {
  readonly send: SendStream;
  /** As the responses to everything that was read have shown it. */
  readonly clock = new ClusterClock();
  readonly #contextName: string | null;
  readonly #gaps = new Map<string, Gap>();
  readonly #forbidden = new Set<string>();

  constructor(send: SendStream, contextName: string | null) {
    this.send = async (request, reading) => {
      const exchange = await send(request, reading);
      this.clock.observe(exchange);
      return exchange;
    };
    this.#contextName = contextName;
  }

  /** Objects that could not be read, each once. */
  get gaps(): readonly Gap[] {
    return [...this.#gaps.values()];
  }

  /** The first reason counts. */
  note(what: string, why: string): void {
    if (!this.#gaps.has(what)) this.#gaps.set(what, { what, why });
  }

  /** Something that was missing for a while is available. */
  forget(what: string): void {
    this.#gaps.delete(what);
  }

  /** One object that the command is about. Rejects when it cannot be read, in kubectl's words. */
  async require(request: KubeRequest): Promise<unknown> {
    const exchange = await this.send(request);
    const failure = requestFailure(exchange, { contextName: this.#contextName });
    if (failure !== undefined) throw requestFailureError(failure);
    return parseJSON(exchange.body);
  }

  /** One object that only helps; null when it does not exist, undefined when it may not be read. `what` names it in the gaps. */
  async optional(request: KubeRequest, what: string): Promise<unknown> {
    const exchange = await this.#query(request, what);
    if (exchange === undefined) return undefined;
    return exchange.status === 404 ? null : parseJSON(exchange.body);
  }

  /** Text that only helps: a log. */
  async text(request: KubeRequest, what: string): Promise<string | undefined> {
    const exchange = await this.#query(request, what);
    return exchange?.status === 200 ? Buffer.from(exchange.body).toString() : undefined;
  }

  /** A list that only helps; empty when it may not be read. */
  async list(request: KubeRequest, what: string, pages = MAX_PAGES): Promise<readonly unknown[]> {
    if (this.#forbidden.has(what)) return [];
    const listed = await readList(request, this.send, pages);
    if (!isListed(listed)) {
      this.#missed(listed, what);
      return [];
    }
    if (listed.cut) this.note(what, `only the first ${listed.items.length}`);
    return listed.items;
  }

  /**
   * A list that the command is about, part by part. Rejects when it cannot be read; what is missing at its end is a gap.
   */
  async pages(
    request: KubeRequest,
    what: string,
    bounds: PageBounds,
    onPart: (items: readonly unknown[]) => Promise<void>,
  ): Promise<void> {
    let count = 0;
    const end = await readPages(request, this.send, bounds, (items) => {
      count += items.length;
      return onPart(items);
    });
    if ('cut' in end) {
      if (end.cut) this.note(what, `only the first ${count}`);
      return;
    }
    const failure = requestFailure(end, { contextName: this.#contextName });
    if (count === 0 && failure !== undefined) throw requestFailureError(failure);
    this.note(what, `only the first ${count}: ${failure?.message ?? 'the response is not a list'}`);
  }

  async #query(request: KubeRequest, what: string): Promise<Exchange | undefined> {
    if (this.#forbidden.has(what)) return undefined;
    const exchange = await this.send(request);
    if (exchange.status === 200 || exchange.status === 404) return exchange;
    this.#missed(exchange, what);
    return undefined;
  }

  #missed({ status, error }: Exchange, what: string): void {
    if (status === 404 || status === 400) return;
    if (status === 401 || status === 403) {
      this.#forbidden.add(what);
      this.note(what, 'forbidden');
    } else this.note(what, error?.message ?? `the server responded ${status}`);
  }
}
