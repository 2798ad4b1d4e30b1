import type { TraceBackend } from '../../backend/backend.ts';
import { allEventsRequest, objectEventsRequest, podEventsRequest } from '../../kube/api/pod-requests.ts';
import { eventOf, type APIEvent } from '../../pod/events.ts';
import type { LogTail } from '../../pod/pod-snapshot.ts';
import { objectOf } from '../../pod/fields.ts';
import { demandOf } from '../../pod/scheduling/demand.ts';
import type { SchedulingObjects } from '../../pod/scheduling/neighbors.ts';
import type { PodLifecycle } from '../../pod/lifecycle.ts';
import type { Runtime } from '../../runtime.ts';
import type { Span } from '../../trace/span.ts';
import { kubeletTraces } from './kubelet-traces.ts';
import type { PodReader } from './reader.ts';
import type { Reading } from './reading.ts';
import { makersOf, uidOf, type FoundSubject } from './subject.ts';
import { readScheduling, type SharedLists } from './scheduling-reads.ts';
import { RelatedObjects } from './surroundings.ts';

/** Number of pods that are read with logs, nodes and spans: the worst ones. */
const DETAILED = 3;
/** Events are listed pod by pod up to this number of pods, and beyond it for the namespace at once. */
const MAX_EVENT_LISTS = 3;
/** The newest ReplicaSets or Jobs say why there are no pods. */
const MAX_SETS = 3;

/** Data read for a subject in one pass, before anything is judged. */
export async function readOnce(subject: FoundSubject, reader: PodReader): Promise<Reading> {
  const makers = await makersOf(subject, reader);
  const pods =
    subject.pod === undefined ? await reader.list(subject.pods, 'pods') : [await reader.require(subject.pod)];
  const events = await readEvents(subject, pods, makers, reader);
  return { subject, pods, makers, events, ...nothingAround() };
}

/** Before the nodes, owners, logs and spans of the worst are read. */
export const nothingAround = (): Pick<Reading, 'nodes' | 'owners' | 'scheduling' | 'spans' | 'logs'> => ({
  scheduling: new Map(),
  nodes: new Map(),
  owners: new Map(),
  spans: new Map(),
  logs: new Map(),
});

async function readEvents(
  subject: FoundSubject,
  pods: readonly unknown[],
  makers: readonly unknown[],
  reader: PodReader,
): Promise<readonly APIEvent[]> {
  const { namespace } = subject;
  if (subject.pod !== undefined) {
    const events = decoded(await reader.list(podEventsRequest(namespace, subject.name), 'events'));
    if (events.length === 0) reader.note('events', 'no events found; API servers delete them after an hour');
    return events;
  }
  const sources = [uidOf(subject.object), ...makers.toSorted(byAge).slice(0, MAX_SETS).map(uidOf)];
  const requests =
    pods.length > MAX_EVENT_LISTS
      ? [allEventsRequest(namespace)]
      : [...sources, ...pods.map(uidOf)].map((uid) => objectEventsRequest(namespace, uid));
  const lists = await Promise.all(requests.map((request) => reader.list(request, 'events')));
  return lists.flatMap(decoded);
}

const decoded = (events: readonly unknown[]): APIEvent[] => events.flatMap((event) => eventOf(event) ?? []);

const createdText = (object: unknown): string =>
  String((object as { metadata?: { creationTimestamp?: unknown } })?.metadata?.creationTimestamp);

/** The newest first. */
const byAge = (one: unknown, other: unknown): number => (createdText(one) < createdText(other) ? 1 : -1);

/** Looks around the worst pods of a subject, each time as far as something may have changed. */
export class LookAround {
  readonly #reader: PodReader;
  readonly #backend: TraceBackend | undefined;
  readonly #runtime: Runtime;
  readonly #related: RelatedObjects;
  readonly #scheduling = new Map<string, { readonly key: string; readonly around: SchedulingObjects }>();
  readonly #logs = new Map<string, { readonly key: string; readonly tails: readonly LogTail[] }>();

  constructor(reader: PodReader, backend: TraceBackend | undefined, runtime: Runtime) {
    this.#reader = reader;
    this.#backend = backend;
    this.#runtime = runtime;
    this.#related = new RelatedObjects(reader);
  }

  /** The reading with what is around the worst pods. */
  async around(reading: Reading, lifecycles: readonly PodLifecycle[]): Promise<Reading> {
    const worst = lifecycles.slice(0, DETAILED);
    const names = new Set(worst.flatMap(({ node }) => node ?? []));
    const lists: SharedLists = new Map();
    const raw = new Map(reading.pods.map((pod) => [uidOf(pod), pod]));
    const [scheduling, nodes, owners, spans, logs] = await Promise.all([
      entries(
        worst,
        ({ uid }) => uid,
        (lifecycle) => this.#schedulingOf(lifecycle, raw.get(lifecycle.uid), lists),
      ),
      entries(
        [...names],
        (name) => name,
        (name) => this.#related.node(name),
      ),
      entries(
        worst,
        ({ uid }) => uid,
        ({ uid }) => this.#related.owners(raw.get(uid)),
      ),
      entries(
        worst,
        ({ uid }) => uid,
        (lifecycle) => this.#spans(lifecycle),
      ),
      entries(
        worst,
        ({ uid }) => uid,
        (lifecycle) => this.#logsOf(lifecycle),
      ),
    ]);
    return {
      ...reading,
      scheduling,
      nodes,
      owners,
      spans,
      logs,
    };
  }

  async #spans({ uid, startedAt, node }: PodLifecycle): Promise<readonly Span[]> {
    // Without a node there is no kubelet that could have looked at it.
    if (node === null) return [];
    if (this.#backend === undefined) {
      this.#reader.note('the spans of the kubelet', 'no trace backend is configured: --backend jaeger=URL');
      return [];
    }
    const window = { from: startedAt, to: this.#reader.clock.at(this.#runtime.clock.now()) };
    const { spans, gap } = await kubeletTraces(this.#backend, uid, window, this.#runtime.interrupted);
    // A pod that is followed grows older, and the reason changes with it.
    this.#reader.forget('the spans of the kubelet');
    if (gap !== undefined) this.#reader.note('the spans of the kubelet', gap);
    return spans;
  }

  /** Read again only when the scheduler gives another reason. */
  async #schedulingOf(
    { uid, namespace, verdict: { cause } }: PodLifecycle,
    pod: unknown,
    lists: SharedLists,
  ): Promise<SchedulingObjects | undefined> {
    const queries = cause?.queries ?? [];
    if (queries.length === 0) return undefined;
    const key = JSON.stringify([queries, cause?.evidence.map(({ text }) => text)]);
    const known = this.#scheduling.get(uid);
    if (known?.key === key) return known.around;
    const { volumeClaims } = demandOf(objectOf(pod));
    const around = await readScheduling(queries, namespace, volumeClaims, { reader: this.#reader, lists });
    this.#scheduling.set(uid, { key, around });
    return around;
  }

  /** Read again only after a container has ended again. */
  async #logsOf(lifecycle: PodLifecycle): Promise<readonly LogTail[]> {
    const { cause } = lifecycle.verdict;
    const key = `${cause?.reason} ${cause?.message}`;
    const known = this.#logs.get(lifecycle.uid);
    if (known?.key === key) return known.tails;
    const tails = await this.#related.logs(lifecycle);
    this.#logs.set(lifecycle.uid, { key, tails });
    return tails;
  }
}

async function entries<Item, Value>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  valueOf: (item: Item) => Promise<Value | undefined>,
): Promise<Map<string, Value>> {
  const values = await Promise.all(items.map(async (item) => [keyOf(item), await valueOf(item)] as const));
  return new Map(values.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
}
