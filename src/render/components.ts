import type { Analysis } from '../analysis/analyse.ts';
import type { ComponentTime } from '../analysis/component-time.ts';
import { formatDuration } from './duration.ts';
import type { Look } from './look.ts';

/** The widest bar, in cells. */
const BAR = 20;

/** One line per component that took part in the critical path, the largest first; the times add up to the duration. */
export function componentLines(analysis: Analysis, look: Look): string[] {
  const times = analysis.componentTimes.filter((time) => time.nanos > 0);
  const name = Math.max(0, ...times.map(({ component }) => component.length));
  const duration = Math.max(0, ...times.map(({ nanos }) => formatDuration(nanos).length));
  return times.map((time) => {
    const words = [
      time.component.padEnd(name),
      formatDuration(time.nanos).padStart(duration),
      percent(time.share).padStart(6),
    ];
    if (look.columns >= 80) words.push(bar(time, look).padEnd(BAR));
    words.push(`${time.spanCount} ${time.spanCount === 1 ? 'row' : 'rows'}`);
    return words.join('  ').trimEnd();
  });
}

function percent(share: number): string {
  const value = share * 100;
  return `${value >= 9.95 ? value.toFixed(0) : value.toFixed(1)} %`;
}

function bar(time: ComponentTime, { glyphs }: Look): string {
  const eighths = Math.round(time.share * BAR * 8);
  const rest = eighths % 8;
  return glyphs.own.repeat(Math.floor(eighths / 8)) + (rest === 0 ? '' : (glyphs.eighths[rest - 1] ?? ''));
}
