import { formatDuration } from '../../analysis/wording/duration.ts';
import { nanos } from '../../trace/time.ts';
import type { Observed } from '../observed.ts';
import { ok, unknown, wrong, type CheckResult } from '../result.ts';

/** Clocks that are synchronized differ by milliseconds, and a search for a trace leaves room for 2 s. */
const MAX_NANOS = 2e9;

/** Do the clocks of this machine and of the cluster agree? */
export function checkClock({ clock }: Observed): CheckResult {
  if (clock === null) return unknown('clock', 'no response has shown the time of the cluster');
  const { aheadNanos, uncertaintyNanos } = clock;
  const off = Math.abs(aheadNanos);
  const looked = [`Date headers of the API server's responses, to ${formatDuration(uncertaintyNanos)}`];
  if (off - uncertaintyNanos <= MAX_NANOS)
    return ok('clock', "this machine's clock agrees with the API server's", { looked });
  const way = aheadNanos > 0 ? 'ahead of' : 'behind';
  return wrong(
    'clock',
    'warning',
    'ClockSkew',
    `this machine's clock is ${formatDuration(nanos(off))} ${way} the API server's`,
    {
      looked,
      fix: ['synchronize both with NTP; searches in the backend and the times in a tree depend on them'],
    },
  );
}
