import type { APIEvent } from '../../pod/events.ts';
import { eventsOf } from '../../pod/events.ts';
import type { LogTail, OwnerObject, PodSnapshot } from '../../pod/pod-snapshot.ts';
import type { NodeObject } from '../../pod/node.ts';
import { listOf, objectOf, textOf, type APIObject } from '../../pod/fields.ts';
import { podOf, type PodObject } from '../../pod/objects.ts';
import { ownerOf } from '../../pod/owner.ts';
import type { SchedulingObjects } from '../../pod/scheduling/neighbors.ts';
import { podLifecycle, type PodLifecycle } from '../../pod/lifecycle.ts';
import type { CreatingRequest } from '../../pod/creating-request.ts';
import { STATES, type Verdict } from '../../pod/verdict.ts';
import { judgeWorkload } from '../../pod/workload/judge.ts';
import { POD_ROLES, rolesOf, workloadPod, type WorkloadPod } from '../../pod/workload/pod-role.ts';
import { readWorkload, type ReadWorkload } from '../../pod/workload/read.ts';
import type { WorkloadReport } from '../../report/pod-report.ts';
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
  /** The ReplicaSets of a Deployment, the Jobs of a CronJob. */
  readonly makers: readonly unknown[];
  /** By name. */
  readonly nodes: ReadonlyMap<string, NodeObject>;
  /** By the pod's UID. */
  readonly owners: ReadonlyMap<string, readonly OwnerObject[]>;
  /** By the UID of a pod that no node takes. */
  readonly scheduling: ReadonlyMap<string, SchedulingObjects>;
  readonly spans: ReadonlyMap<string, readonly Span[]>;
  readonly logs: ReadonlyMap<string, readonly LogTail[]>;
}

/** Parameters by which a reading is judged. */
export interface Measure {
  readonly now: EpochNanos;
  readonly untilStuck: Nanos;
  readonly request?: CreatingRequest;
}

export interface Judged {
  /** Those that are judged first, from the worst state, and of the same state from the oldest. */
  readonly lifecycles: readonly PodLifecycle[];
  readonly verdict: Verdict | null;
  /** Status of the workload itself; null for a pod. */
  readonly workload: WorkloadReport | null;
  readonly owner: ReturnType<typeof ownerOf>;
}

export function judgeReading(reading: Reading, measure: Measure): Judged {
  const { subject, events } = reading;
  const byName = new Map<string, APIEvent[]>();
  for (const event of events) {
    if (event.about.kind !== 'Pod' && event.about.kind !== '') continue;
    const named = byName.get(event.about.name);
    if (named === undefined) byName.set(event.about.name, [event]);
    else named.push(event);
  }
  const owned = podsOf(reading);
  const told = owned.map(({ object, pod }) => ({
    object,
    lifecycle: podLifecycle(snapshotOf(pod, byName.get(pod.name) ?? [], reading, measure), measure.request),
  }));
  const owner = ownerOf(subject.object);
  const read = readWorkload({
    object: subject.object,
    makers: reading.makers,
    pods: owned.map(({ object }) => object),
  });
  if (read === undefined) {
    const lifecycles = told.map(({ lifecycle }) => lifecycle).sort(fromWorst);
    return { lifecycles, verdict: lifecycles[0]?.verdict ?? null, workload: null, owner };
  }
  const pods = told.map(({ object, lifecycle }) => workloadPod(object, lifecycle, read)).sort(fromJudged);
  const { now, untilStuck } = measure;
  const verdict = judgeWorkload({ now, untilStuck, read, pods, events: ownEvents(reading, read) });
  return {
    lifecycles: explainingFirst(pods, verdict),
    verdict,
    workload: {
      ...read.status,
      pods: rolesOf(pods),
      roles: new Map(pods.map(({ lifecycle, role }) => [lifecycle.uid, role])),
    },
    owner,
  };
}

const fromWorst = (one: PodLifecycle, other: PodLifecycle): number =>
  STATES.indexOf(other.verdict.state) - STATES.indexOf(one.verdict.state) || Number(one.startedAt - other.startedAt);

/** Pods that are judged come before those that are counted; of the finished ones the newest says most. */
function fromJudged(one: WorkloadPod, other: WorkloadPod): number {
  const byRole = POD_ROLES.indexOf(one.role) - POD_ROLES.indexOf(other.role);
  if (byRole !== 0 || one.role !== 'finished') return byRole || fromWorst(one.lifecycle, other.lifecycle);
  return Number(other.lifecycle.startedAt - one.lifecycle.startedAt);
}

/** The pod whose cause is the workload's is the one to look at, also one that is only counted. */
function explainingFirst(pods: readonly WorkloadPod[], { cause }: Verdict): readonly PodLifecycle[] {
  const lifecycles = pods.map(({ lifecycle }) => lifecycle);
  const first = lifecycles.find(
    ({ verdict }) => verdict.cause !== null && cause?.message.includes(verdict.cause.message),
  );
  return first === undefined ? lifecycles : [first, ...lifecycles.filter((lifecycle) => lifecycle !== first)];
}

/** Those that belong to the subject: a selector alone may find others too. */
function podsOf({ subject, pods, makers }: Reading): { readonly object: APIObject; readonly pod: PodObject }[] {
  const uids = new Set([uidOf(subject.object), ...makers.map(uidOf)]);
  return pods
    .filter(
      (pod) =>
        subject.object === undefined ||
        ownerUIDs(pod).some((uid) => uids.has(uid)) ||
        (subject.kind === 'deployment' && makers.length === 0 && isNamedAfter(subject.name, pod)),
    )
    .flatMap((object) => {
      const pod = podOf(object);
      return pod === undefined ? [] : [{ object: objectOf(object), pod }];
    });
}

/** The ReplicaSets of a Deployment may be forbidden: they have its name, and their pods the hash after it. */
function isNamedAfter(deployment: string, pod: unknown): boolean {
  const { labels, ownerReferences } = objectOf(objectOf(pod)['metadata']);
  const hash = textOf(objectOf(labels)['pod-template-hash']);
  return listOf(ownerReferences).some(({ kind, name }) => kind === 'ReplicaSet' && name === `${deployment}-${hash}`);
}

/** About the workload and about what makes its current pods: an older ReplicaSet has troubles of the past. */
function ownEvents({ events }: Reading, { workload, currentSet, currentJobs }: ReadWorkload): readonly APIEvent[] {
  const uids = new Set([workload.uid, currentSet, ...currentJobs]);
  return events
    .filter(({ about }) => uids.has(about.uid))
    .toSorted((one, other) => Number(one.first.at - other.first.at));
}

/** `named`: the events about pods of its name. */
export function snapshotOf(
  pod: PodObject,
  named: readonly APIEvent[],
  reading: Pick<Reading, 'nodes' | 'owners' | 'scheduling' | 'spans' | 'logs'>,
  { now, untilStuck }: Measure,
): PodSnapshot {
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
