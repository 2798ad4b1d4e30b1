import type { ClusterClock } from '../../kube/api/cluster-clock.ts';
import { isObject } from '../../kube/json.ts';
import { instantOf } from '../../pod/fields.ts';
import { shortDuration } from '../../pod/lanes/words.ts';
import type { Note } from '../../pod/verdict.ts';
import type { ClockDifference } from '../../report/pod-report.ts';
import type { Clock } from '../../runtime.ts';
import { nanos, type EpochNanos } from '../../trace/time.ts';

/** The cluster's time now, after these pods were read: it is not before the creation of any of them. */
export function clusterNow(cluster: ClusterClock, pods: readonly unknown[], clock: Pick<Clock, 'now'>): EpochNanos {
  const local = clock.now();
  for (const pod of pods) {
    const metadata = isObject(pod) && isObject(pod['metadata']) ? pod['metadata'] : {};
    const created = instantOf(metadata['creationTimestamp']);
    if (created !== undefined) cluster.atLeast(created.at, local);
  }
  return cluster.at(local);
}

/** Null where no response has shown the cluster's time. */
export function clockDifference({ offset }: ClusterClock): ClockDifference | null {
  return offset === undefined ? null : { ahead: nanos(0 - offset.nanos), uncertainty: offset.uncertainty };
}

/** Clocks synchronized with NTP differ by milliseconds; a `Date` header has a resolution of a second. */
const WORTH_A_WORD = 3e9;

/** Undefined for a clock that is off by less than a few seconds for certain. */
export function clockNote(clock: ClockDifference | null): Note | undefined {
  if (clock === null || Math.abs(clock.ahead) - clock.uncertainty < WORTH_A_WORD) return undefined;
  const off = shortDuration(Math.abs(clock.ahead));
  const way = clock.ahead > 0 ? 'ahead of' : 'behind';
  return {
    text: `this machine's clock is ${off} ${way} the cluster's; ages and times here are by the cluster's clock`,
  };
}
