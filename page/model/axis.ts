import { formatDuration } from '../../src/analysis/wording/duration.ts';

/** A stretch of the trace's time, in nanoseconds from its start. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** No closer: a hundredth of a microsecond fills the screen. */
const SHORTEST = 10;

export const lengthOf = ({ from, to }: Stretch): number => Math.max(1, to - from);

/** The time at a fraction of the axis, 0 to 1. */
export const timeAt = (axis: Stretch, fraction: number): number => axis.from + fraction * lengthOf(axis);

/** The axis, `factor` times as long, with the time at `fraction` in its place, and never beyond `whole`. */
export function zoomed(axis: Stretch, factor: number, fraction: number, whole: Stretch): Stretch {
  const length = Math.max(SHORTEST, lengthOf(axis) * factor);
  const from = timeAt(axis, fraction) - fraction * length;
  return within({ from, to: from + length }, whole);
}

/** The axis moved by a share of its length. */
export const panned = (axis: Stretch, share: number, whole: Stretch): Stretch => {
  const by = share * lengthOf(axis);
  return within({ from: axis.from + by, to: axis.to + by }, whole);
};

/** Both ends within the whole, and the length as far as that allows. */
export function within({ from, to }: Stretch, whole: Stretch): Stretch {
  const length = Math.min(to - from, lengthOf(whole));
  const start = Math.min(Math.max(from, whole.from), whole.to - length);
  return { from: start, to: start + length };
}

/** In the order of time, whichever end was first. */
export const stretch = (one: number, other: number): Stretch =>
  one <= other ? { from: one, to: other } : { from: other, to: one };

/** Distances between ticks: 1, 2 and 5 of every power of ten, in nanoseconds, and from a second on those of clocks. */
const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400];

export interface Tick {
  readonly time: number;
  readonly text: string;
}

/** Round times on the axis, at most `most` of them. */
export function ticksOf(axis: Stretch, most: number): Tick[] {
  const step = stepOf(lengthOf(axis) / Math.max(1, most));
  const ticks: Tick[] = [];
  for (let count = Math.ceil(axis.from / step); count * step <= axis.to && ticks.length < 100; count++) {
    const time = count * step;
    ticks.push({ time, text: time === 0 ? '0' : formatDuration(time) });
  }
  return ticks;
}

function stepOf(least: number): number {
  if (least > 1e9) {
    const seconds = CLOCK_STEPS.find((step) => step * 1e9 >= least);
    if (seconds !== undefined) return seconds * 1e9;
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10);
}
