/** The value of a scalar without quotes and tag, and the short name of its type. */
export interface Scalar {
  readonly type: 'str' | 'null' | 'bool' | 'int' | 'float';
  readonly value: string | number | bigint | boolean | null;
}

/**
 * A plain scalar as go.yaml.in/yaml/v2 resolves it (resolve.go). That is YAML 1.1 in its booleans (`yes`, `on`, `n`) and
 * octal numbers (`0755`), but without base 60, and dates stay strings.
 */
export function resolvePlain(text: string): Scalar {
  if (NULL.has(text)) return { type: 'null', value: null };
  if (TRUE.has(text)) return { type: 'bool', value: true };
  if (FALSE.has(text)) return { type: 'bool', value: false };
  const int = integer(text);
  if (int !== undefined) return { type: 'int', value: int };
  const number = SPECIAL.get(text) ?? float(text);
  return number === undefined ? { type: 'str', value: text } : { type: 'float', value: number };
}

const words = (...lists: string[]): ReadonlySet<string> => new Set(lists.flatMap((list) => list.split(' ')));
const TRUE = words('y Y yes Yes YES', 'true True TRUE', 'on On ON');
const FALSE = words('n N no No NO', 'false False FALSE', 'off Off OFF');
const NULL = new Set(['', '~', 'null', 'Null', 'NULL']);
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ...['.nan', '.NaN', '.NAN'].map((name) => [name, NaN] as const),
  ...['.inf', '.Inf', '.INF'].flatMap(
    (name) =>
      [
        [name, Infinity],
        [`+${name}`, Infinity],
        [`-${name}`, -Infinity],
      ] as const,
  ),
]);

const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

/** Go's strconv.ParseInt with base 0, after every "_" is removed. What fits into no 64 bits is a float. */
function integer(text: string): number | bigint | undefined {
  const first = text.charCodeAt(0);
  if (!(first >= 48 && first <= 57) && text[0] !== '-' && text[0] !== '+') return undefined;
  const [, sign, hex, binary, octal, decimal] = INTEGER.exec(text.replaceAll('_', '')) ?? [];
  const digits = hex ? `0x${hex}` : binary ? `0b${binary}` : octal ? `0o${octal}` : decimal;
  if (digits === undefined) return undefined;
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
  return fitted(value);
}

/** The number where it is exact, a bigint where 64 bits hold it, else the nearest float, as the API machinery has it. */
export function fitted(value: bigint): number | bigint {
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  return BigInt.asIntN(64, value) === value ? value : Number(value);
}

function float(text: string): number | undefined {
  const plain = text.replaceAll('_', '');
  return FLOAT.test(plain) && /^[-+.0-9]/.test(text) ? Number(plain) : undefined;
}
