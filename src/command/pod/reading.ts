import type { APIEvent } from '../../pod/events.ts';
import { eventsOf } from '../../pod/events.ts';
import type { LogTail, OwnerObject, PodFacts } from '../../pod/facts.ts';
import type { NodeObject } from '../../pod/node.ts';
import { podOf, type PodObject } from '../../pod/objects.ts';
import { judgeOwner, ownerOf } from '../../pod/owner.ts';
import type { SchedulingSurroundings } from '../../pod/scheduling/neighbors.ts';
import { podStory, type PodStory } from '../../pod/story.ts';
import type { CreatingRequest } from '../../pod/creating-request.ts';
import { STATES, type Verdict } from '../../pod/verdict.ts';
import type { Span } from '../../trace/span.ts';
import type { EpochNanos, Nanos } from '../../trace/time.ts';
import { ownerUIDs, uidOf, type FoundSubject } from './subject.ts';

/** All that was read of a subject, as it is now. */
export interface Reading {
  readonly subject: FoundSubject;
  /** As the API has them. */
  readonly pods: readonly unknown[];
  /** About the pods, about earlier ones of their names, and about what makes them. */
  readonly events: readonly APIEvent[];
  /** The ReplicaSets of a Deployment. */
  readonly replicaSets: readonly unknown[];
  /** By name. */
  readonly nodes: ReadonlyMap<string, NodeObject>;
  /** By the pod's UID. */
  readonly owners: ReadonlyMap<string, readonly OwnerObject[]>;
  /** By the UID of a pod that no node takes. */
  readonly scheduling: ReadonlyMap<string, SchedulingSurroundings>;
  readonly spans: ReadonlyMap<string, readonly Span[]>;
  readonly logs: ReadonlyMap<string, readonly LogTail[]>;
}

/** What a reading is judged by. */
export interface Measure {
  readonly now: EpochNanos;
  readonly untilStuck: Nanos;
  readonly request?: CreatingRequest;
}

export interface Judged {
  /** From the worst state, and of the same state from the oldest. */
  readonly stories: readonly PodStory[];
  readonly verdict: Verdict | null;
  readonly owner: ReturnType<typeof ownerOf>;
}

export function judgeReading(reading: Reading, measure: Measure): Judged {
  const { subject, events } = reading;
  const owner = ownerOf(subject.object);
  const byName = new Map<string, APIEvent[]>();
  for (const event of events) {
    if (event.about.kind !== 'Pod' && event.about.kind !== '') continue;
    const named = byName.get(event.about.name);
    if (named === undefined) byName.set(event.about.name, [event]);
    else named.push(event);
  }
  const stories = podsOf(reading).map((pod) =>
    podStory(factsOf(pod, byName.get(pod.name) ?? [], reading, measure), measure.request),
  );
  stories.sort(
    (one, other) =>
      STATES.indexOf(other.verdict.state) - STATES.indexOf(one.verdict.state) ||
      Number(one.startedAt - other.startedAt),
  );
  const [worst] = stories;
  return { stories, verdict: worst?.verdict ?? noPodVerdict(reading, measure), owner };
}

/** Those that belong to the subject: a selector alone may find others too. */
function podsOf({ subject, pods, replicaSets }: Reading): PodObject[] {
  const makers = new Set([uidOf(subject.object), ...replicaSets.map(uidOf)]);
  return pods
    .filter((pod) => subject.object === undefined || ownerUIDs(pod).some((uid) => makers.has(uid)))
    .flatMap((pod) => podOf(pod) ?? []);
}

function factsOf(pod: PodObject, named: readonly APIEvent[], reading: Reading, { now, untilStuck }: Measure): PodFacts {
  const { own, earlier } = eventsOf(named, pod.uid);
  return {
    now,
    untilStuck,
    pod,
    events: own,
    earlierEvents: earlier,
    node: pod.node === undefined ? undefined : reading.nodes.get(pod.node),
    scheduling: reading.scheduling.get(pod.uid),
    owners: reading.owners.get(pod.uid) ?? [],
    spans: reading.spans.get(pod.uid) ?? [],
    logs: reading.logs.get(pod.uid) ?? [],
  };
}

function noPodVerdict({ subject, replicaSets, events }: Reading, { now, untilStuck }: Measure): Verdict | null {
  const owner = ownerOf(subject.object);
  if (owner === undefined) return null;
  const makers = new Set([owner.uid, ...replicaSets.map(uidOf)]);
  const own = events.filter(({ about }) => makers.has(about.uid));
  const { wanted, conditions } = owner;
  return judgeOwner({
    now,
    untilStuck,
    owner,
    namespace: subject.namespace,
    wanted,
    conditions,
    events: own.toSorted((one, other) => Number(one.first.at - other.first.at)),
  });
}
