const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size for people, in binary units, with two significant digits above a kibibyte: `389 B`, `3.4 KiB`, `48 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (unit < UNITS.length - 1 && (unit === 0 ? value >= 1024 : Math.round(value * 10) / 10 >= 1024)) {
    value /= 1024;
    unit++;
  }
  if (unit === 0) return `${value} B`;
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${UNITS[unit]}`;
}
