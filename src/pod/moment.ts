import { nanos, type EpochNanos, type Nanos } from '../trace/time.ts';
import type { Instant } from './fields.ts';
import type { PodObject } from './objects.ts';

/** Source of a moment. A span is exact; the other sources have a coarser resolution. */
export type MomentSource = 'span' | 'event' | 'condition' | 'object';

export interface Moment {
  readonly at: Instant;
  readonly source: MomentSource;
}

export const exactly = (at: EpochNanos): Instant => ({ at, uncertainty: nanos(0) });

export const moment = (at: Instant | undefined, source: MomentSource): Moment | undefined =>
  at === undefined ? undefined : { at, source };

export function conditionMoment(pod: PodObject, type: string): Moment | undefined {
  const condition = pod.conditions.get(type);
  return condition?.status === 'True' ? moment(condition.changed, 'condition') : undefined;
}

/** The same moment and source, but never earlier than its cause. */
export function notBefore(found: Moment, cause: Moment): Moment {
  if (found.at.at >= cause.at.at) return found;
  const step = found.at.at + BigInt(found.at.uncertainty);
  // Within its step it may well have come later.
  const uncertainty = step > cause.at.at ? nanos(Number(step - cause.at.at)) : nanos(0);
  return { source: found.source, at: { at: cause.at.at, uncertainty } };
}

export const latest = (moments: readonly (Moment | undefined)[]): Moment | undefined =>
  moments.reduce((one, other) => {
    if (one === undefined || other === undefined) return one ?? other;
    return other.at.at > one.at.at ? other : one;
  }, undefined);

export const earliest = (moments: readonly (Moment | undefined)[]): Moment | undefined =>
  moments.reduce((one, other) => {
    if (one === undefined || other === undefined) return one ?? other;
    return other.at.at < one.at.at ? other : one;
  }, undefined);

/** The time from a pod's creation to the end of its lifecycle. */
export const lifetime = ({ startedAt, end }: { readonly startedAt: EpochNanos; readonly end: EpochNanos }): Nanos =>
  nanos(Number(end - startedAt));
