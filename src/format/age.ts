const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** `5d3h`: two or three figures of a duration (k8s.io/apimachinery pkg/util/duration, HumanDuration). */
export function ageText(seconds: number): string {
  const rounded = Math.trunc(seconds);
  if (rounded < -1) return '<invalid>';
  if (rounded < 0) return '0s';
  if (rounded < 2 * MINUTE) return `${rounded}s`;
  if (rounded < 10 * MINUTE) return pair(rounded, MINUTE, 'm', 1, 's');
  if (rounded < 3 * HOUR) return `${Math.trunc(rounded / MINUTE)}m`;
  if (rounded < 8 * HOUR) return pair(rounded, HOUR, 'h', MINUTE, 'm');
  if (rounded < 2 * DAY) return `${Math.trunc(rounded / HOUR)}h`;
  if (rounded < 8 * DAY) return pair(rounded, DAY, 'd', HOUR, 'h');
  if (rounded < 2 * YEAR) return `${Math.trunc(rounded / DAY)}d`;
  if (rounded < 8 * YEAR) return pair(rounded, YEAR, 'y', DAY, 'd');
  return `${Math.trunc(rounded / YEAR)}y`;
}

function pair(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.trunc((seconds % large) / small);
  return `${Math.trunc(seconds / large)}${largeUnit}${rest === 0 ? '' : `${rest}${smallUnit}`}`;
}
