/**
 * A duration for people: three significant digits, from ns to hours, and rounded before the unit is chosen, so that
 * 999.6 µs is `1.00 ms` and never `1000 µs`. From a minute on to the second, from an hour on to the minute.
 * `nanos` is in nanoseconds. At most 8 columns for anything below a year; 9 when negative.
 */
export function formatDuration(nanos: number): string {
  if (!Number.isFinite(nanos)) return '—';
  if (nanos < 0) return `-${formatDuration(-nanos)}`;
  const rounded = threeDigits(Math.round(nanos));
  if (rounded < 1e3) return `${rounded} ns`;
  if (rounded < 1e6) return `${decimals(rounded / 1e3)} µs`;
  if (rounded < 1e9) return `${decimals(rounded / 1e6)} ms`;
  if (rounded < 60e9) return `${decimals(rounded / 1e9)} s`;
  const seconds = Math.round(nanos / 1e9);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${twoDigits(seconds % 60)}s`;
  const minutes = Math.round(nanos / 60e9);
  return `${Math.floor(minutes / 60)}h${twoDigits(minutes % 60)}m`;
}

/** `1.04–3.10 ms`, `420 µs–1.10 ms`: from the shorter to the longer, the unit once where it is the same. */
export function formatDurationRange(from: number, to: number): string {
  const [least, most] = [formatDuration(from), formatDuration(to)];
  if (least === most) return least;
  const [value, unit] = least.split(' ');
  return unit !== undefined && most.endsWith(` ${unit}`) ? `${value}–${most}` : `${least}–${most}`;
}

const threeDigits = (value: number): number => Number(value.toPrecision(3));

function decimals(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
