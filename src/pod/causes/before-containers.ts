import { between, nanosFromMillis } from '../../trace/time.ts';
import type { APIEvent } from '../events.ts';
import { meaningOf } from '../event-meaning.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { Instant } from '../fields.ts';
import { shortError, type PodSync } from '../kubelet-spans.ts';
import type { PodObject } from '../objects.ts';
import type { Progress } from '../progress.ts';
import { signOf } from '../signs/sign-of.ts';
import type { Sign } from '../signs/sign.ts';
import type { Cause, Evidence } from '../verdict.ts';
import { eventEvidence, shortened } from './evidence.ts';
import { nodeStepCause } from './node-step.ts';
import { permissionsCause } from './permissions.ts';

interface Trouble {
  readonly event: APIEvent;
  readonly sign: Sign;
}

/** A pod on its node whose containers wait for volumes, sandbox or network: the events say for which, or the spans. */
export function beforeContainersCause(
  snapshot: PodSnapshot,
  progress: Progress,
  syncs: readonly PodSync[],
): Cause | undefined {
  const { scheduled, sandbox, created } = progress;
  const lost = sandbox === undefined ? undefined : lostSandbox(snapshot.pod);
  if (snapshot.pod.node === undefined || (sandbox !== undefined && lost === undefined)) return undefined;
  const since = lost ?? (scheduled ?? created).at;
  const troubles = troublesOf(snapshot);
  const worst = worstOf(troubles);
  const permissions = permissionsCause(snapshot, worst?.event, since);
  if (permissions !== undefined) return permissions;
  if (worst !== undefined) {
    const { reason, stage } = worst.sign;
    const alike = troubles.filter(({ sign }) => sign.reason === reason).map(({ event }) => event);
    return {
      ...nodeStepCause(reason, worst.event.message, snapshot),
      proven: isProven(worst, alike),
      stage,
      since,
      evidence: eventEvidence(alike),
    };
  }
  if (lost !== undefined) return undefined;
  const failed = syncs.flatMap(({ calls }) => calls).filter((call) => call.method === 'RunPodSandbox' && call.failed);
  const last = failed.at(-1);
  if (last !== undefined) {
    const message = shortError(last);
    const evidence: Evidence[] = [
      {
        kind: 'span',
        text: shortened(`RunPodSandbox ✗ ${message}`),
        count: failed.length,
        first: failed[0]!.span.start,
        last: last.span.end,
      },
    ];
    const reason = signOf('event', 'FailedCreatePodSandBox', message)?.reason ?? 'Sandbox';
    return { ...nodeStepCause(reason, message, snapshot), stage: 'Sandbox', since, evidence };
  }
  return undefined;
}

/** Since when a pod that had a sandbox has none, and runs nothing: after a restart of its node, for example. */
function lostSandbox({ conditions, containers }: PodObject): Instant | undefined {
  const ready = conditions.get('PodReadyToStartContainers');
  if (ready?.status !== 'False' || containers.some(({ state }) => state?.kind === 'running')) return undefined;
  return ready.changed;
}

const COLD_CACHE = /failed to sync \w+ cache|object "[^"]*" not registered/;
/**
 * A mount that still fails is tried every 2 min (pkg/util/goroutinemap/exponentialbackoff), and the kubelet's recorder lets
 * one event in 5 min through (client-go tools/record events_cache.go).
 */
const REPEATED = nanosFromMillis(390_000);

/** By time; without what a later step has overcome: an image is pulled only into a pod that has its volumes and sandbox. */
function troublesOf({ events, now }: PodSnapshot): readonly Trouble[] {
  const steps = events.filter(({ reason }) => {
    const meaning = meaningOf(reason);
    return meaning?.kind === 'progress' && meaning.stage !== 'Volumes';
  });
  return events
    .flatMap((event) => {
      const sign = signOf('event', event.reason, event.message);
      if (sign === undefined || (sign.stage !== 'Volumes' && sign.stage !== 'Sandbox')) return [];
      if (meaningOf(event.reason)?.kind !== 'trouble' || isAttached(event, events)) return [];
      if (COLD_CACHE.test(event.message) && between(event.last.at, now) > REPEATED) return [];
      return steps.some((step) => step.last.at >= event.last.at) ? [] : [{ event, sign }];
    })
    .toSorted((one, other) => Number(one.event.last.at - other.event.last.at));
}

const VOLUME = /volume "([^"]+)"/;

/** A volume that could not be attached at first, and is attached now. */
const isAttached = ({ reason, message, last }: APIEvent, events: readonly APIEvent[]): boolean =>
  reason === 'FailedAttachVolume' &&
  events.some(
    (event) =>
      event.reason === 'SuccessfulAttachVolume' &&
      event.last.at >= last.at &&
      VOLUME.exec(event.message)?.[1] === VOLUME.exec(message)?.[1],
  );

/** Says only which volumes are missing; another event says why. */
const SUMMARY = /^Unable to attach or mount volumes/;

/** The newest counts: older events may be about a volume that has come since. */
function worstOf(troubles: readonly Trouble[]): Trouble | undefined {
  const newest = troubles.at(-1);
  if (newest === undefined || !SUMMARY.test(newest.event.message)) return newest;
  return troubles.findLast(({ event, sign }) => sign.stage === 'Volumes' && !SUMMARY.test(event.message)) ?? newest;
}

/**
 * Texts of steps that usually succeed at a later try: the kubelet's caches after a restart, the network plugin of a node
 * that has just started, a volume that moves from another node. Only time proves them.
 */
const SETTLES =
  /failed to sync \w+ cache|object "[^"]*" not registered|network is not ready|cni plugin not initialized|calico\/nodename|flannel\/subnet\.env|cilium\.sock|Multi-Attach error|Waiting for detach/;

function isProven({ event, sign }: Trouble, alike: readonly APIEvent[]): boolean {
  if (SETTLES.test(event.message)) return false;
  // The kubelet mounts again within a second: a single failure may be over already.
  return sign.reason !== 'VolumeMount' || alike.reduce((sum, { count }) => sum + count, 0) > 1;
}
