import { linearFit, percentile, type Measures } from './measures.ts';

/** One thing that must hold, with the figure that shows it. */
export interface Check {
  readonly name: string;
  readonly holds: boolean;
  readonly figure: string;
}

export interface Ended {
  readonly measures: Measures;
  readonly compared: { readonly whole: number; readonly cut: number; readonly removed: number; readonly lost: number };
  readonly exitCode: number | null;
  readonly lastLife: number;
  /** Too short for a trend, on a machine whose speed is not to be judged. */
  readonly isShort: boolean;
}

const MAX_MEMORY = 400e6;
const MAX_GROWTH = 60e6;
const MAX_MILLIS = 250;
/** Share of the last life until caches and SQLite's pages have their final size. */
const WARM_SHARE = 0.25;

export function checksOf({ measures, compared, exitCode, lastLife, isShort }: Ended): readonly Check[] {
  const fault = (name: string, check: string): Check => {
    const times = measures.counts.get(`fault: ${check}`) ?? 0;
    return {
      name,
      holds: times === 0,
      figure: times === 0 ? 'none' : `${times} times, first: ${measures.faults.get(check)}`,
    };
  };
  const peak = measures.memory.reduce((top, { rss }) => Math.max(top, rss), 0);
  const { fit, minutes, points } = memoryTrend(measures, lastLife);
  const growth = fit.slope * minutes * 60;
  const p99 = percentile(measures.exports, 0.99);
  // Removed between the last look and SIGKILL, and so not counted by anybody.
  const uncounted = (measures.counts.get('restarts by SIGKILL') ?? 0) * 2 * measures.mostRemoved;
  return [
    {
      name: 'nothing acknowledged is lost',
      holds: compared.cut === 0 && compared.lost === 0,
      figure: `${compared.whole} traces whole, ${compared.cut} cut, ${compared.lost} lost`,
    },
    {
      name: 'what the bound removes is counted',
      holds: compared.removed <= measures.removed + uncounted,
      figure: `${compared.removed} acknowledged traces removed, ${measures.removed} counted (and up to ${uncounted} before SIGKILL)`,
    },
    fault('what was acknowledged survives SIGKILL', 'survives'),
    fault('what was acknowledged survives a full disk', 'disk'),
    fault('ordinary exports are accepted', 'accepted'),
    fault('what was acknowledged can be read', 'reading'),
    fault('serve ends only on request', 'alive'),
    { name: 'serve ends well at the end', holds: exitCode === 0, figure: `exit code ${exitCode}` },
    { name: 'memory stays within 400 MB', holds: peak <= MAX_MEMORY, figure: `${Math.round(peak / 1e6)} MB at most` },
    {
      name: 'memory does not grow',
      holds: isShort || growth <= MAX_GROWTH,
      figure: `${(fit.start / 1e6).toFixed(0)} MB ${fit.slope < 0 ? '-' : '+'} ${((Math.abs(fit.slope) * 3600) / 1e6).toFixed(1)} MB an hour, by ${points} points of ${minutes.toFixed(1)} minutes${isShort ? ', not judged' : ''}`,
    },
    {
      name: 'p99 of an ordinary export is below 250 ms',
      holds: isShort || p99 < MAX_MILLIS,
      figure: `${p99.toFixed(1)} ms${isShort ? ', not judged' : ''}`,
    },
  ];
}

/** A line through the memory of the last life, which no restart interrupts. */
function memoryTrend(
  { memory }: Measures,
  life: number,
): { readonly fit: ReturnType<typeof linearFit>; readonly minutes: number; readonly points: number } {
  const last = memory.filter((sample) => sample.life === life);
  const length = last.at(-1)?.seconds ?? 0;
  const warm = last.filter(({ seconds }) => seconds >= length * WARM_SHARE);
  const fit = linearFit(warm.map(({ seconds, rss }) => [seconds, rss] as const));
  return { fit, minutes: (length * (1 - WARM_SHARE)) / 60, points: warm.length };
}
