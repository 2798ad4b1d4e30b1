import { EditRefused, type Mapping, type Node, type Sequence } from './layout.ts';

/** Lines of an entry or an item, without the indentation of its place. */
export type Block = readonly string[];

/** Adds and removes whole lines of a text. Every other byte stays. */
export class LineEdits {
  readonly #lines: string[];
  readonly #changes: { readonly at: number; readonly removed: number; readonly added: readonly string[] }[] = [];

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  get isEmpty(): boolean {
    return this.#changes.length === 0;
  }

  /** Adds items to a sequence: before the item at this index, or behind the last one. */
  addItems(sequence: Sequence, index: number, items: readonly Block[]): void {
    this.#mustBeBlock(sequence);
    const indent = ' '.repeat(sequence.column);
    const added = items.flatMap((block) => block.map((line, at) => `${indent}${at === 0 ? '- ' : '  '}${line}`));
    const next = sequence.items[index];
    const at = next === undefined ? sequence.items.at(-1)!.last + 1 : this.#firstLineOf(next);
    this.#changes.push({ at, removed: 0, added });
  }

  removeItem(sequence: Sequence, index: number): void {
    this.#mustBeBlock(sequence);
    const item = sequence.items[index]!;
    const at = this.#firstLineOf(item);
    this.#changes.push({ at, removed: item.last - at + 1, added: [] });
  }

  /** Adds an entry to a mapping: before the first key that comes later in the alphabet, or at the end. */
  addEntry(mapping: Mapping, key: string, block: Block): void {
    this.#mustBeBlock(mapping);
    const indent = ' '.repeat(mapping.column);
    const next = isSorted(mapping) ? mapping.entries.find((entry) => entry.key > key) : undefined;
    const at = next?.line ?? mapping.last + 1;
    this.#changes.push({ at, removed: 0, added: block.map((line) => indent + line) });
  }

  /** Replaces an entry, with its key and its value. */
  replaceEntry(mapping: Mapping, key: string, block: Block): void {
    this.#mustBeBlock(mapping);
    const { line, value } = mapping.entries.find((entry) => entry.key === key)!;
    const indent = ' '.repeat(mapping.column);
    this.#changes.push({ at: line, removed: value.last - line + 1, added: block.map((each) => indent + each) });
  }

  apply(): string {
    const result: string[][] = [];
    let next = 0;
    // Two additions at one place stay in their order: sorting is stable.
    for (const { at, removed, added } of this.#changes.toSorted((one, other) => one.at - other.at)) {
      result.push(this.#lines.slice(next, at), [...added]);
      next = Math.max(next, at + removed);
    }
    return [...result.flat(), ...this.#lines.slice(next)].join('\n');
  }

  #mustBeBlock(node: Mapping | Sequence): void {
    if (node.isFlow || (node.kind === 'sequence' && node.items.length === 0)) {
      throw new EditRefused(
        `line ${node.first + 1} has a list or mapping in brackets; write each item on its own line`,
      );
    }
  }

  #firstLineOf(item: Node): number {
    if (!/^\s*- /.test(this.#lines[item.first] ?? '')) {
      throw new EditRefused(`line ${item.first + 1} does not begin with "- " as an item of a list does`);
    }
    return item.first;
  }
}

export const isSorted = ({ entries }: Mapping): boolean =>
  entries.every(({ key }, index) => index === 0 || entries[index - 1]!.key <= key);
