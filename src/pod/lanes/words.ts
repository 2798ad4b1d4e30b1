import { formatDuration } from '../../analysis/wording/duration.ts';
import { rfc3339, type EpochNanos } from '../../trace/time.ts';
import type { Instant } from '../fields.ts';

/** Times that differ by more than this are shown with a date. */
const MAX_TIME_WITHOUT_DATE = 20n * 3_600_000_000_000n;

/** `08:58:14`, in UTC as every time of Kubernetes; `2026-11-28 08:58:14` where it is not about the time of `now`. */
export function clockTime(at: EpochNanos, now: EpochNanos = at): string {
  const text = rfc3339(at);
  const isFar = (at > now ? at - now : now - at) >= MAX_TIME_WITHOUT_DATE;
  return isFar ? `${text.slice(0, 10)} ${text.slice(11, 19)}` : text.slice(11, 19);
}

/** `08:58:14.443` where it is known so well, else as `clockTime`. */
export const exactTime = ({ at, uncertainty }: Instant, now: EpochNanos): string =>
  uncertainty < 1e6 ? `${clockTime(at, now)}${rfc3339(at).slice(19, 23)}` : clockTime(at, now);

/** `± 1 s`: by how much a time may be off, in one figure. */
export function stepWords({ uncertainty }: Instant): string {
  return `± ${shortDuration(uncertainty)}`;
}

/** `1 s`, `0.4 s`, `27 ms`: one or two figures, for what is not known better. */
export function shortDuration(nanos: number): string {
  if (nanos >= 1e9 && nanos < 10e9) return `${Number((nanos / 1e9).toFixed(1))} s`;
  if (nanos >= 10e9) return formatDuration(Math.round(nanos / 1e9) * 1e9).replace(/\.0+ /, ' ');
  if (nanos >= 1e6) return `${Math.round(nanos / 1e6)} ms`;
  return formatDuration(nanos);
}

/** ` ×3`, where it was more than once. */
export const timesWords = (count: number): string => (count > 1 ? ` ×${count}` : '');
