import { withDeadline } from '../../deadline.ts';
import type { KubeRequest } from '../../kube/http/exchange.ts';
import { parseJSON } from '../../kube/json.ts';
import { isListed, readList } from '../../kube/api/list.ts';
import { watchList, type WatchNews } from '../../kube/api/watch.ts';
import { eventOf, type APIEvent } from '../../pod/events.ts';
import type { Runtime } from '../../runtime.ts';
import type { EpochNanos } from '../../trace/time.ts';
import { NewestObjects } from './kept-objects.ts';
import { LiveWorkload } from './live-workload.ts';
import type { PodReader } from './reader.ts';
import { uidOf, type FoundSubject } from './subject.ts';

/** Without the right to list, the pod is read by its name. */
const POLL_MILLIS = 2000;
/** A final picture waits no longer than this for events that a cut connection may have missed. */
const MISSED_EVENTS_MILLIS = 2000;
const MISSED_EVENTS_PAUSE_MILLIS = 250;
const MAX_PAGES = 10;

export interface LiveRequests {
  readonly pods: KubeRequest;
  /** The pod alone, where one is followed: for those who may only get it. */
  readonly pod: KubeRequest | undefined;
  readonly events: KubeRequest;
}

/**
 * The pods and events of a subject, and the workload itself, in their current state, updated by watches. Each object is
 * stored once, by its UID: repetitions from a server that comes back change nothing.
 */
export class LiveState {
  readonly pods = new NewestObjects<unknown>();
  /** By the UID of the event, from the oldest. */
  readonly #events = new NewestObjects<APIEvent>();
  /** When something changed last. */
  changedAt: EpochNanos;
  readonly workload: LiveWorkload;
  /** Why nothing is heard at the moment; undefined while all is well. */
  trouble: string | undefined;
  readonly #runtime: Runtime;
  readonly #reader: PodReader;
  #wake: (() => void) | undefined;
  #podsListed = false;
  #eventsListed = false;
  /** The watch of events was cut, and has not shown anything since. */
  #eventsCut = false;
  #changes = 0;
  #seen = 0;

  constructor(subject: FoundSubject, reader: PodReader, runtime: Runtime) {
    this.#reader = reader;
    this.#runtime = runtime;
    this.workload = new LiveWorkload(subject, reader, runtime, (trouble) => {
      this.trouble = trouble;
      this.#change();
    });
    this.changedAt = runtime.clock.now();
  }

  get events(): readonly APIEvent[] {
    return this.#events.values();
  }

  /** All that is watched has been read once, or may not be read. Before that, nothing is concluded. */
  get listed(): boolean {
    return this.#podsListed && this.#eventsListed && this.workload.listed;
  }

  /** Watches until `signal` aborts. Never rejects. */
  async watch({ pods, pod, events }: LiveRequests, signal: AbortSignal): Promise<void> {
    // Events explain a pod. For a workload they are the only report of a pod that cannot be created.
    if (pod !== undefined) this.#eventsListed = true;
    await Promise.all([
      this.#watchPods(pods, pod, signal),
      this.#watchEvents(events, signal),
      this.workload.watch(signal),
    ]);
  }

  async #watchPods(pods: KubeRequest, pod: KubeRequest | undefined, signal: AbortSignal): Promise<void> {
    const onNews = (news: WatchNews): void => this.#podNews(news);
    const { send } = this.#reader;
    const refused = await watchList(pods, { send, clock: this.#runtime.clock, signal, onNews });
    if (refused === undefined) return;
    if (pod !== undefined) return this.#poll(pod, signal);
    this.#reader.note('pods', 'forbidden');
    this.#podsListed = true;
    this.#change();
  }

  async #watchEvents(events: KubeRequest, signal: AbortSignal): Promise<void> {
    const onNews = (news: WatchNews): void => this.#eventNews(news);
    const { send } = this.#reader;
    const refused = await watchList(events, { send, clock: this.#runtime.clock, signal, onNews });
    if (refused === undefined) return;
    this.#reader.note('events', 'forbidden');
    this.#eventsListed = true;
    this.#eventsCut = false;
    this.#change();
  }

  /** Lists the events again if their watch was cut, so that the last picture has all of them. Never rejects. */
  async readMissedEvents(events: KubeRequest): Promise<void> {
    const { clock, interrupted } = this.#runtime;
    await withDeadline(clock, MISSED_EVENTS_MILLIS, interrupted, async (signal) => {
      while (this.#eventsCut && !signal.aborted) {
        const listed = await readList(events, (request) => this.#reader.send(request, { signal }), MAX_PAGES);
        if (isListed(listed)) this.#eventNews({ kind: 'list', items: listed.items, bytes: listed.bytes });
        else await clock.sleep(MISSED_EVENTS_PAUSE_MILLIS, signal).catch(() => undefined);
      }
    });
  }

  /** Resolves when something has changed since the last time, or after `millis`. */
  async changed(millis: number, signal: AbortSignal): Promise<void> {
    if (this.#changes === this.#seen) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      await this.#runtime.clock.sleep(millis, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
      this.#wake = undefined;
    }
    this.#seen = this.#changes;
  }

  async #poll(pod: KubeRequest, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const exchange = await this.#reader.send(pod, { signal });
      if (signal.aborted) return;
      const object = exchange.status === 200 ? parseJSON(exchange.body) : undefined;
      // Only 404 means that it is gone: an API server that starts refuses every user for a moment (403).
      if (exchange.status !== 200 && exchange.status !== 404) {
        this.#lose(exchange.error?.message ?? `the server responded ${exchange.status}`);
        await this.#runtime.clock.sleep(POLL_MILLIS, signal).catch(() => undefined);
        continue;
      }
      this.trouble = undefined;
      this.#podsListed = true;
      const known = this.pods.get(uidOf(object));
      if (object === undefined || JSON.stringify(known) !== JSON.stringify(object)) {
        this.pods.clear();
        if (object !== undefined) this.pods.set(uidOf(object), object, exchange.body.length);
        this.#change();
      }
      await this.#runtime.clock.sleep(POLL_MILLIS, signal).catch(() => undefined);
    }
  }

  #podNews(news: WatchNews): void {
    if (news.kind === 'lost') return this.#lose(news.message);
    this.trouble = undefined;
    if (news.kind === 'list') {
      this.pods.clear();
      for (const pod of news.items) this.pods.set(uidOf(pod), pod, news.bytes / news.items.length);
      this.#podsListed = true;
    } else if (news.deleted) this.pods.delete(uidOf(news.object));
    else this.pods.set(uidOf(news.object), news.object, news.bytes);
    if (this.pods.isCut) this.#reader.note('pods', `only the newest ${this.pods.size}`);
    this.#change();
  }

  #eventNews(news: WatchNews): void {
    this.#eventsListed = true;
    this.#eventsCut = news.kind === 'lost';
    if (news.kind === 'lost') return;
    // An expired event has still happened: events are not forgotten.
    const objects = news.kind === 'list' ? news.items : news.deleted ? [] : [news.object];
    for (const object of objects) {
      const event = eventOf(object);
      if (event !== undefined) this.#events.set(uidOf(object), event, news.bytes / objects.length);
    }
    this.#change();
  }

  #lose(message: string): void {
    this.trouble = message;
    this.#change();
  }

  #change(): void {
    this.#changes++;
    this.changedAt = this.#runtime.clock.now();
    this.#wake?.();
  }
}
