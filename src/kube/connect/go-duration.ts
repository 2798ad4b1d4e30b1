import type { Nanos } from '../../trace/time.ts';

/** A duration as Go's Duration.String writes it, of whole milliseconds: `1m0s`, `1.5s`, `300ms`. */
export function goDuration(nanos: Nanos): string {
  const millis = Math.round(nanos / 1e6);
  if (millis < 1000) return `${millis}ms`;
  const [hours, minutes] = [Math.trunc(millis / 3_600_000), Math.trunc(millis / 60_000) % 60];
  const seconds = `${(millis % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
