import { formatDuration } from '../../analysis/wording/duration.ts';
import { rfc3339, type EpochNanos } from '../../trace/time.ts';
import type { Instant } from '../fields.ts';

/** `08:58:14`, in UTC as every time of Kubernetes. */
export const clockTime = (at: EpochNanos): string => rfc3339(at).slice(11, 19);

/** `08:58:14.443` where it is known so well, else as `clockTime`. */
export const exactTime = ({ at, uncertainty }: Instant): string =>
  uncertainty < 1e6 ? rfc3339(at).slice(11, 23) : clockTime(at);

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
