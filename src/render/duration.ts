/**
 * A duration for people: three significant digits, from ns to minutes, and rounded before the unit is chosen, so that
 * 999.6 µs is `1.00 ms` and never `1000 µs`. `nanos` is in nanoseconds.
 */
export function formatDuration(nanos: number): string {
  if (!Number.isFinite(nanos)) return '—';
  if (nanos < 0) return `-${formatDuration(-nanos)}`;
  const rounded = threeDigits(nanos);
  if (rounded < 1e3) return `${rounded} ns`;
  if (rounded < 1e6) return `${decimals(rounded / 1e3)} µs`;
  if (rounded < 1e9) return `${decimals(rounded / 1e6)} ms`;
  const seconds = threeDigits(nanos / 1e9);
  if (seconds < 60) return `${decimals(seconds)} s`;
  return minutes(Math.round(nanos / 1e9));
}

function threeDigits(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(3));
}

function decimals(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}

function minutes(seconds: number): string {
  const padded = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${padded(seconds % 60)}s`;
  const hours = Math.floor(seconds / 3600);
  return `${hours}h${padded(Math.floor((seconds % 3600) / 60))}m`;
}
