import type { KubeRequest } from '../../kube/http/exchange.ts';
import { parseJSON } from '../../kube/json.ts';
import { watchList, type WatchNews } from '../../kube/api/watch.ts';
import { objectOf } from '../../pod/fields.ts';
import type { Runtime } from '../../runtime.ts';
import { NewestObjects } from './kept-objects.ts';
import type { PodReader } from './reader.ts';
import { ownedBy, uidOf, type FoundSubject } from './subject.ts';

/** Without the right to list or watch, the object is read by its name. */
const POLL_MILLIS = 2000;

/**
 * A workload and what it makes its pods through, as they are now. A workload that is deleted, or made again under its name,
 * is no longer this one.
 */
export class LiveWorkload {
  deleted = false;
  #object: unknown;
  #objectListed = false;
  #makersListed = false;
  readonly #makers = new NewestObjects<unknown>();
  readonly #subject: FoundSubject;
  readonly #reader: PodReader;
  readonly #runtime: Runtime;
  readonly #onChange: (trouble?: string) => void;

  /** `onChange` is called with the message of a server that does not respond. */
  constructor(subject: FoundSubject, reader: PodReader, runtime: Runtime, onChange: (trouble?: string) => void) {
    this.#subject = subject;
    this.#object = subject.object;
    this.#reader = reader;
    this.#runtime = runtime;
    this.#onChange = onChange;
  }

  get object(): unknown {
    return this.#object;
  }

  get makers(): readonly unknown[] {
    return ownedBy(this.#object, this.#makers.values());
  }

  /** Both have been read once, or may not be read. */
  get listed(): boolean {
    return this.#objectListed && this.#makersListed;
  }

  /** Watches until `signal` aborts. Never rejects. */
  async watch(signal: AbortSignal): Promise<void> {
    const { workload, makers } = this.#subject;
    if (workload === undefined) this.#objectListed = true;
    if (makers === undefined) this.#makersListed = true;
    await Promise.all([
      workload === undefined ? undefined : this.#watchObject(workload, signal),
      makers === undefined ? undefined : this.#watchMakers(makers, signal),
    ]);
  }

  async #watchObject({ one, list }: NonNullable<FoundSubject['workload']>, signal: AbortSignal): Promise<void> {
    const refused = await this.#follow(list, signal, (news) => this.#objectNews(news));
    if (refused) await this.#poll(one, signal);
  }

  async #watchMakers(makers: KubeRequest, signal: AbortSignal): Promise<void> {
    const refused = await this.#follow(makers, signal, (news) => this.#makerNews(news));
    if (!refused) return;
    this.#reader.note(makers.resource ?? 'the objects that create its pods', 'forbidden');
    this.#makersListed = true;
    this.#onChange();
  }

  /** Resolves with true when the list is refused, with false when `signal` aborts. */
  async #follow(list: KubeRequest, signal: AbortSignal, onNews: (news: WatchNews) => void): Promise<boolean> {
    const { send } = this.#reader;
    return (await watchList(list, { send, clock: this.#runtime.clock, signal, onNews })) !== undefined;
  }

  async #poll(one: KubeRequest, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const exchange = await this.#reader.send(one, { signal });
      if (signal.aborted) return;
      if (exchange.status === 200) this.#take(parseJSON(exchange.body));
      else if (exchange.status === 404) this.deleted = true;
      // An object that may not be read again stays as it was read first.
      this.#objectListed = true;
      this.#onChange(exchange.status === null ? exchange.error?.message : undefined);
      await this.#runtime.clock.sleep(POLL_MILLIS, signal).catch(() => undefined);
    }
  }

  #objectNews(news: WatchNews): void {
    if (news.kind === 'lost') return this.#onChange(news.message);
    this.#objectListed = true;
    if (news.kind === 'list') {
      const [found] = news.items;
      if (found === undefined) this.deleted = true;
      else this.#take(found);
    } else if (news.deleted) this.deleted ||= uidOf(news.object) === uidOf(this.#object);
    else this.#take(news.object);
    this.#onChange();
  }

  #take(object: unknown): void {
    const { apiVersion, kind } = objectOf(this.#object);
    // The items of a list have neither.
    if (uidOf(object) === uidOf(this.#object)) this.#object = { apiVersion, kind, ...objectOf(object) };
    else this.deleted = true;
  }

  #makerNews(news: WatchNews): void {
    if (news.kind === 'lost') return this.#onChange(news.message);
    this.#makersListed = true;
    if (news.kind === 'list') {
      this.#makers.clear();
      for (const maker of news.items) this.#makers.set(uidOf(maker), maker, news.bytes / news.items.length);
    } else if (news.deleted) this.#makers.delete(uidOf(news.object));
    else this.#makers.set(uidOf(news.object), news.object, news.bytes);
    this.#onChange();
  }
}
