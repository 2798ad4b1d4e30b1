import { NUMBER_TEXTS, TEXTS } from './hostile-values.ts';
import type { Mutation } from './mutate-bytes.ts';
import type { Random } from './random.ts';

/** Where a value stands in a document. */
interface Position {
  readonly parent: Record<string, unknown>;
  readonly key: string;
}

/** At most this many values of a document are candidates; more makes each mutation slow. */
const CANDIDATES = 4000;

/**
 * Changes one value of a JSON document: its type, its place, its depth, its key. What is not JSON stays as it is. A value
 * that JSON.stringify cannot write (a number of 400 digits, a key twice, 100,000 levels) is put in as text afterwards.
 */
export const changeValue: Mutation = (bytes, random) => {
  const document = parse(bytes);
  const positions = positionsIn({ document });
  if (document === undefined || positions.length === 0) return bytes;
  const holder = { document } as Record<string, unknown>;
  const position = random.pick([
    { parent: holder, key: 'document' },
    ...positions.filter(({ parent }) => parent !== holder),
  ]);
  const raw: string[] = [];
  change(position, random, raw);
  return Buffer.from(withRaw(JSON.stringify(holder['document']) ?? '', raw));
};

/** Stands for a text that is put in as it is. */
const PLACE = '\u{f0000}raw';

function change(position: Position, random: Random, raw: string[]): void {
  const { parent, key } = position;
  const value = parent[key];
  const put = (text: string): void => {
    raw.push(text);
    parent[key] = PLACE;
  };
  switch (random.below(10)) {
    case 0:
      delete parent[key];
      return;
    case 1:
      parent[key] = random.pick(TEXTS);
      return;
    case 2:
      put(random.pick(NUMBER_TEXTS));
      return;
    case 3:
      parent[key] = random.pick<unknown>([null, true, false, [], {}, '', 0]);
      return;
    case 4:
      put(nested(random, JSON.stringify(value) ?? 'null'));
      return;
    case 5:
      put(keyTwice(random, value));
      return;
    case 6:
      parent[key] = Array(random.pick([2, 10, 100])).fill(value);
      return;
    case 7:
      renameKey(position, random);
      return;
    case 8:
      parent[key] = typeof value === 'string' ? value + random.pick(TEXTS) : (JSON.stringify(value) ?? '');
      return;
    default:
      put(longList(random, value));
  }
}

/** Levels of lists or objects around a value, from the few that formats have to far more than any stack. */
function nested(random: Random, inner: string): string {
  const depth = random.pick([2, 3, 5, 20, 99, 101, 199, 201, 500, 1001, 10_000, 100_000]);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"arrayValue":{"values":[', ']}}'],
    ['{"kvlistValue":{"values":[{"key":"a","value":', '}]}}'],
  ] as const);
  const levels = Math.min(depth, Math.floor(1_000_000 / (open.length + close.length)));
  return open.repeat(levels) + inner + close.repeat(levels);
}

function keyTwice(random: Random, value: unknown): string {
  const [one, two] = [JSON.stringify(value) ?? 'null', JSON.stringify(random.pick(TEXTS))];
  const key = JSON.stringify(random.pick(['__proto__', 'spans', 'metadata', 'a', 'traceId']));
  return `{${key}:${one},${key}:${two},${key}:${one}}`;
}

function longList(random: Random, value: unknown): string {
  const item = JSON.stringify(value) ?? 'null';
  const count = Math.min(random.pick([3, 10, 50, 200, 1000, 20_000]), Math.floor(500_000 / (item.length + 1)));
  return `[${Array(Math.max(1, count)).fill(item).join(',')}]`;
}

function renameKey({ parent, key }: Position, random: Random): void {
  if (Array.isArray(parent)) return;
  const name = random.pick([...TEXTS.slice(0, 12), ...Object.keys(parent)]);
  const value = parent[key];
  delete parent[key];
  Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Deeper values stay unchanged: where JSON.stringify gives up depends on more than the input. */
const MAX_DEPTH = 500;

function depthOf(bytes: Buffer): number {
  let depth = 0;
  let deepest = 0;
  for (const byte of bytes) {
    if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return deepest;
}

function parse(bytes: Buffer): unknown {
  if (depthOf(bytes) > MAX_DEPTH) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function positionsIn(holder: object): Position[] {
  const found: Position[] = [];
  const stack: unknown[] = [holder];
  while (stack.length > 0 && found.length < CANDIDATES) {
    const parent = stack.pop();
    if (typeof parent !== 'object' || parent === null) continue;
    for (const key of Object.keys(parent)) {
      found.push({ parent: parent as Record<string, unknown>, key });
      stack.push((parent as Record<string, unknown>)[key]);
    }
  }
  return found;
}

function withRaw(text: string, raw: readonly string[]): string {
  const place = JSON.stringify(PLACE);
  let result = text;
  // A function: a replacement text may hold `$&`.
  for (const one of raw) result = result.replace(place, () => one);
  return result;
}
