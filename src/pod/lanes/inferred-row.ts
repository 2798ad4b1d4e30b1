import type { Component } from '../../analysis/timing/component.ts';
import { nanosFromMillis, type EpochNanos } from '../../trace/time.ts';
import type { SpanSource } from '../../trace/trace.ts';
import type { PodSnapshot } from '../pod-snapshot.ts';
import type { PodSync } from '../kubelet-spans.ts';
import type { Progress } from '../progress.ts';
import type { Verdict } from '../verdict.ts';

/** A row of the timeline that no span measured. Its source is an event, a condition or a time of the object. */
export interface InferredRow {
  /** Full and short label. */
  readonly label: readonly [string, string];
  readonly from: EpochNanos;
  readonly to: EpochNanos;
  /** `gap`: inferred from the rows around it. */
  readonly source: Exclude<SpanSource, 'span' | 'client'>;
  readonly component: Component;
  readonly failed?: boolean;
}

/** Input of the lanes of a timeline. */
export interface TimelineInput {
  readonly snapshot: PodSnapshot;
  readonly progress: Progress;
  /** Kubelet syncs that changed something. */
  readonly syncs: readonly PodSync[];
  readonly verdict: Verdict;
  /** Time of the response to the request that created the pod; undefined if unknown. */
  readonly requestEnd: EpochNanos | undefined;
  /** End of the timeline: at Ready, at the end of the pod, or now. */
  readonly end: EpochNanos;
}

/** Events closer together than this are shown as simultaneous. */
export const MOMENT = nanosFromMillis(1000);
