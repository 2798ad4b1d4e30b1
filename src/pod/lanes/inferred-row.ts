import type { Component } from '../../analysis/timing/component.ts';
import { nanosFromMillis, type EpochNanos } from '../../trace/time.ts';
import type { SpanSource } from '../../trace/trace.ts';
import type { PodFacts } from '../facts.ts';
import type { PodSync } from '../kubelet-spans.ts';
import type { Progress } from '../progress.ts';
import type { Verdict } from '../verdict.ts';

/** A line of the timeline that no span measured: it rests on an event, a condition or a time of the object. */
export interface Told {
  /** What it is called, and shorter. */
  readonly label: readonly [string, string];
  readonly from: EpochNanos;
  readonly to: EpochNanos;
  /** `gap`: inferred from what is around it. */
  readonly source: Exclude<SpanSource, 'span' | 'client'>;
  readonly component: Component;
  readonly failed?: boolean;
}

/** What the lanes of a timeline are made of. */
export interface Life {
  readonly facts: PodFacts;
  readonly progress: Progress;
  /** Those that changed something. */
  readonly syncs: readonly PodSync[];
  readonly verdict: Verdict;
  /** When the request that began it all was answered; undefined where it is not known. */
  readonly asked: EpochNanos | undefined;
  /** When the picture ends: at Ready, at the end of the pod, or now. */
  readonly end: EpochNanos;
}

/** Everything that happens within this time of another happens at once for people. */
export const MOMENT = nanosFromMillis(1000);
