import { EVENT_ID, getScalarValue, load, parseEvents, YAMLException, type Event } from 'js-yaml';

/** Why a file is not edited. The message goes on after its path: `etcd.yaml: it has two documents`. */
export class EditRefused extends Error {}

interface Lines {
  /** Index of its first line. */
  first: number;
  /** Index of its last line. For a flow collection, that of its last value. */
  last: number;
}

export type Node = Lines &
  (
    | { readonly kind: 'scalar'; readonly value: string }
    | { readonly kind: 'mapping'; readonly isFlow: boolean; readonly column: number; readonly entries: Entry[] }
    | { readonly kind: 'sequence'; readonly isFlow: boolean; readonly column: number; readonly items: Node[] }
  );
export type Mapping = Extract<Node, { kind: 'mapping' }>;
export type Sequence = Extract<Node, { kind: 'sequence' }>;

interface Entry {
  readonly key: string;
  readonly line: number;
  readonly value: Node;
}

/**
 * The lines on which each part of a YAML document stands, so that lines can be added and removed while every other byte
 * stays. Throws EditRefused for a text that is not one plain mapping.
 */
export function layoutOf(text: string): Mapping {
  if (text.includes('\r')) throw new EditRefused('it has Windows line ends');
  const reader = new LayoutReader(text);
  for (const event of refusing(() => parseEvents(text, {}))) reader.take(event);
  const [root, ...others] = reader.documents;
  if (others.length > 0) throw new EditRefused('it has more than one document');
  if (root?.kind !== 'mapping' || root.isFlow) throw new EditRefused('it is not a mapping with a key on each line');
  return root;
}

/** The values of a document. Throws EditRefused for a text that is not valid, such as one with a key twice. */
export const valuesOf = (text: string): unknown => refusing(() => load(text));

function refusing<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new EditRefused(`it is not valid YAML: ${error.reason}`);
  }
}

/** Whether two values of a YAML document are equal: the same texts, numbers, lists, and keys with any order. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [Object.entries(one), new Map(Object.entries(other))];
  return (
    left.length === right.size && left.every(([key, value]) => right.has(key) && isSameValue(value, right.get(key)))
  );
}

/** The value at a path of keys; undefined where a key is missing. */
export function valueAt(root: Node, path: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const key of path) {
    if (node?.kind !== 'mapping') return undefined;
    node = node.entries.find((entry) => entry.key === key)?.value;
  }
  return node;
}

/** The text of a scalar; undefined for any other node. */
export const scalarOf = (node: Node | undefined): string | undefined =>
  node?.kind === 'scalar' ? node.value : undefined;

const BLOCK = 1;

class LayoutReader {
  readonly documents: Node[] = [];
  readonly #text: string;
  readonly #starts: readonly number[];
  readonly #open: { readonly node: Mapping | Sequence; key: { name: string; line: number } | undefined }[] = [];
  #line = 0;

  constructor(text: string) {
    this.#text = text;
    this.#starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  take(event: Event): void {
    if (event.type === EVENT_ID.DOCUMENT) return;
    if (event.type === EVENT_ID.POP) {
      this.#close();
      return;
    }
    if (event.type === EVENT_ID.ALIAS || event.anchorStart !== -1) throw new EditRefused('it has YAML anchors');
    if (event.type === EVENT_ID.SCALAR) {
      this.#scalar(event);
      return;
    }
    const first = this.#lineOf(event.start);
    const column = event.start - this.#starts[first]!;
    const common = { isFlow: event.style !== BLOCK, column, first, last: first };
    const node: Mapping | Sequence =
      event.type === EVENT_ID.MAPPING
        ? { kind: 'mapping', entries: [], ...common }
        : { kind: 'sequence', items: [], ...common };
    this.#add(node);
    this.#open.push({ node, key: undefined });
  }

  #scalar(event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>): void {
    const isEmpty = event.valueStart === -1;
    const first = isEmpty ? this.#line : this.#lineOf(event.valueStart);
    const last = isEmpty ? first : this.#lineOf(Math.max(event.valueStart, event.valueEnd - 1));
    this.#line = last;
    const value = getScalarValue(this.#text, event);
    const parent = this.#open.at(-1);
    if (parent?.node.kind === 'mapping' && parent.key === undefined) parent.key = { name: value, line: first };
    else this.#add({ kind: 'scalar', value, first, last });
  }

  #add(node: Node): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      this.documents.push(node);
    } else if (parent.node.kind === 'sequence') {
      parent.node.items.push(node);
    } else if (parent.key === undefined) {
      throw new EditRefused('a key is not a text');
    } else {
      parent.node.entries.push({ key: parent.key.name, line: parent.key.line, value: node });
      parent.key = undefined;
    }
    this.#widen(node.last);
  }

  #close(): void {
    const closed = this.#open.pop();
    if (closed !== undefined) this.#widen(closed.node.last);
  }

  #widen(last: number): void {
    const parent = this.#open.at(-1)?.node;
    if (parent !== undefined) parent.last = Math.max(parent.last, last);
  }

  #lineOf(offset: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
