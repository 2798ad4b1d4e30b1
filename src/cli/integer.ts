const INTEGER =
  /^([-+]?)(?:0[xX]_?([0-9a-fA-F](?:_?[0-9a-fA-F])*)|0[bB]_?([01](?:_?[01])*)|0[oO]?_?([0-7](?:_?[0-7])*)|([1-9](?:_?[0-9])*|0))$/;

/**
 * A whole number as Go's strconv.ParseInt reads it with base 0, and so pflag: `12`, `-1`, `0x1f`, `017`, `1_000`.
 * Undefined for anything else, and for what a number cannot hold exactly.
 */
export function parseInteger(text: string): number | undefined {
  const [, sign, hex, binary, octal, decimal] = INTEGER.exec(text) ?? [];
  const digits = hex ? `0x${hex}` : binary ? `0b${binary}` : octal ? `0o${octal}` : decimal;
  if (digits === undefined) return undefined;
  const value = Number(digits.replaceAll('_', ''));
  if (!Number.isSafeInteger(value)) return undefined;
  return sign === '-' && value !== 0 ? -value : value;
}
