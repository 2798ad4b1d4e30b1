import { defineMappingTag, defineScalarTag, loadAll, mergeTag, NOT_RESOLVED, Schema, seqTag, strTag } from 'js-yaml';

/**
 * YAML as kubectl understands it: go.yaml.in/yaml/v2, resolve.go. That is YAML 1.1 in its booleans (`yes`, `on`, `n`)
 * and octal numbers (`0755`), but without base 60, and dates stay texts. Keys become texts as sigs.k8s.io/yaml makes
 * them (`on:` is "true"), and the last of two same keys counts. Throws a YAMLException.
 */
export function parseYAML(text: string): unknown[] {
  return loadAll(text, { schema: SCHEMA, json: true });
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

const nullTag = defineScalarTag<null>('tag:yaml.org,2002:null', {
  implicit: true,
  resolve: (text) => (NULL.has(text) ? null : NOT_RESOLVED),
  identify: () => false,
});
const boolTag = defineScalarTag<boolean>('tag:yaml.org,2002:bool', {
  implicit: true,
  resolve: (text) => (TRUE.has(text) ? true : FALSE.has(text) ? false : NOT_RESOLVED),
  identify: () => false,
});
const intTag = defineScalarTag<number | bigint>('tag:yaml.org,2002:int', {
  implicit: true,
  resolve: (text) => integer(text) ?? NOT_RESOLVED,
  identify: () => false,
});
const floatTag = defineScalarTag<number>('tag:yaml.org,2002:float', {
  implicit: true,
  resolve: (text, isExplicit) => {
    const whole = isExplicit ? integer(text) : undefined;
    return SPECIAL.get(text) ?? float(text) ?? (whole === undefined ? NOT_RESOLVED : Number(whole));
  },
  identify: () => false,
});
/** Go keeps a date that nobody asked for as the text it was. */
const timestampTag = defineScalarTag<string>('tag:yaml.org,2002:timestamp', {
  resolve: (text) => text,
  identify: () => false,
});
const binaryTag = defineScalarTag<string>('tag:yaml.org,2002:binary', {
  resolve: (text) => Buffer.from(text, 'base64').toString('utf8'),
  identify: () => false,
});
const mapTag = defineMappingTag<Record<string, unknown>>('tag:yaml.org,2002:map', {
  // Without a prototype, "__proto__" is a key like any other.
  create: () => Object.create(null) as Record<string, unknown>,
  addPair: (map, key, value) => {
    const name = keyText(key);
    if (name === undefined) return 'a key must be a text, a number or a boolean';
    map[name] = value;
    return '';
  },
  has: (map, key) => Object.hasOwn(map, keyText(key) ?? ''),
  keys: (map) => Object.keys(map),
  get: (map, key) => map[keyText(key) ?? ''],
  identify: () => false,
});

const SCHEMA = new Schema([
  strTag,
  seqTag,
  mapTag,
  mergeTag,
  nullTag,
  boolTag,
  intTag,
  floatTag,
  timestampTag,
  binaryTag,
]);

function keyText(key: unknown): string | undefined {
  return typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint' || typeof key === 'boolean'
    ? String(key)
    : undefined;
}

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
