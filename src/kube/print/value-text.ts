/** A value as Go's fmt prints it in a cell: `true`, `3`, `[a b]`, `map[a:1]`. Nothing for null. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(' ')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value).toSorted(([one], [two]) => (one < two ? -1 : 1));
    return `map[${entries.map(([key, each]) => `${key}:${valueText(each)}`).join(' ')}]`;
  }
  return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : '';
}

/** Integers in full; anything else as Go's %g has it, with an exponent from a million on (strconv/ftoa.go). */
export function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return value.toFixed(Math.max(0, digitsOf(mantissa) - 1 - power));
  const sign = power < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
}

const digitsOf = (mantissa: string): number => mantissa.replace(/[-.]/g, '').length;
