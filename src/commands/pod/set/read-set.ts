import {
  listRequest,
  objectRequest,
  podEventsRequest,
  podWarningsRequests,
  PODS,
} from '../../../kube/api/pod-requests.ts';
import { withLimit } from '../../../kube/api/request.ts';
import { TraceCommandError } from '../../../errors.ts';
import { eventOf, type APIEvent } from '../../../pod/events.ts';
import { objectOf, textOf } from '../../../pod/fields.ts';
import type { NodeObject } from '../../../pod/node.ts';
import { podOf, type PodObject } from '../../../pod/objects.ts';
import type { Runtime } from '../../../runtime.ts';
import type { Nanos } from '../../../trace/time.ts';
import { clusterNow } from '../cluster-time.ts';
import type { PodReader } from '../reader.ts';
import type { Measure } from '../reading.ts';
import { SetNodes } from './nodes.ts';
import { isWell, PodTally, type Tallied } from './tally.ts';

/*
 * A set takes 20 requests at most, however many pods there are: 8 for pods, 5 for nodes (3 single ones, then 2 pages of
 * all), 3 for events, 2 for claims, and 2 for a Service and its endpoints.
 */
const POD_PAGES = { pods: 500, pages: 8, largestPage: 8000, isBare: true };
/** More names than this are looked for in the list of their namespace. */
const MAX_SINGLE_PODS = 5;
const WARNING_PAGES = 2;
const EVENTS = 2500;
/** Events are listed pod by pod up to this number of pods. */
const MAX_EVENT_LISTS = 3;

/** Where the pods of a set are found. */
export interface SetSource {
  /** Null: all namespaces. */
  readonly namespace: string | null;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** These alone. */
  readonly names?: readonly string[] | undefined;
  /** Each pod is shown, also one that is well. */
  readonly isNamed: boolean;
}

export interface SetReading extends Tallied {
  /** By the pods' UIDs. */
  readonly events: ReadonlyMap<string, readonly APIEvent[]>;
  node(name: string | undefined): NodeObject | undefined;
  /** Why a named pod could not be read, in the order of the names. */
  readonly missing: readonly TraceCommandError[];
}

/** Reads the pods page by page, then the events of those that are not well. */
export async function readSet(
  source: SetSource,
  reader: PodReader,
  { clock, untilStuck }: { readonly clock: Runtime['clock']; readonly untilStuck: Nanos },
): Promise<SetReading> {
  const tally = new PodTally(source.isNamed);
  const nodes = new SetNodes(reader);
  const add = async (objects: readonly unknown[]): Promise<void> => {
    const measure: Measure = { now: clusterNow(reader.clock, objects, clock), untilStuck };
    const pods = objects.flatMap((object) => podOf(object) ?? []);
    await nodes.read(new Set(pods.flatMap(({ node }) => node ?? [])));
    for (const pod of pods) tally.add(pod, nodes.of(pod.node), measure);
  };
  const missing = await readPods(source, reader, add);
  const tallied = tally.end();
  const broken = tallied.pods.filter(({ verdict }) => !isWell(verdict)).map(({ pod }) => pod);
  return { ...tallied, events: await readEvents(broken, reader), node: (name) => nodes.of(name), missing };
}

async function readPods(
  { namespace, names, labelSelector = '', fieldSelector = '' }: SetSource,
  reader: PodReader,
  add: (objects: readonly unknown[]) => Promise<void>,
): Promise<TraceCommandError[]> {
  if (names !== undefined && namespace !== null && names.length <= MAX_SINGLE_PODS) {
    const reads = await Promise.all(names.map((name) => readPod(namespace, name, reader)));
    await add(reads.filter((read) => !(read instanceof TraceCommandError)));
    return reads.filter((read) => read instanceof TraceCommandError);
  }
  const left = new Set(names);
  const list = withLimit(listRequest(PODS, namespace, { labelSelector, fieldSelector }), POD_PAGES.pods);
  await reader.pages(list, 'pods', POD_PAGES, (objects) =>
    add(names === undefined ? objects : objects.filter((object) => left.delete(nameOf(object)))),
  );
  return [...left].map(
    (name) => new TraceCommandError(1, 'NotFound', `Error from server (NotFound): pods "${name}" not found`),
  );
}

/** One that is missing does not hide the others. */
async function readPod(namespace: string, name: string, reader: PodReader): Promise<unknown> {
  try {
    return await reader.require(objectRequest(PODS, namespace, name));
  } catch (error) {
    if (error instanceof TraceCommandError && error.reason === 'NotFound') return error;
    throw error;
  }
}

const nameOf = (object: unknown): string => textOf(objectOf(objectOf(object)['metadata'])['name']) ?? '';

/** The events of a few pods one by one; for many the warnings first, since other events are more and say less. */
async function readEvents(
  pods: readonly PodObject[],
  reader: PodReader,
): Promise<ReadonlyMap<string, readonly APIEvent[]>> {
  const namespaces = new Set(pods.map(({ namespace }) => namespace));
  const [only = null] = namespaces.size === 1 ? [...namespaces] : [];
  const requests =
    pods.length <= MAX_EVENT_LISTS
      ? pods.map(({ namespace, name }) => podEventsRequest(namespace, name))
      : podWarningsRequests(only).map((request) => withLimit(request, EVENTS));
  const lists = await Promise.all(
    requests.map((request, index) =>
      reader.list(request, 'events', pods.length > MAX_EVENT_LISTS && index === 0 ? WARNING_PAGES : 1),
    ),
  );
  const uids = new Map<string, APIEvent[]>(pods.map(({ uid }) => [uid, []]));
  for (const object of lists.flat()) {
    const event = eventOf(object);
    if (event !== undefined) uids.get(event.about.uid)?.push(event);
  }
  return uids;
}
