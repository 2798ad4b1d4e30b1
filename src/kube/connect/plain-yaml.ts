/**
 * A reader for the YAML that `kubectl config` and its like write: block mappings and sequences of plain or quoted
 * scalars on one line each. For such a file it returns what parseYAML returns, in a tenth of the time that js-yaml needs to
 * load; for anything else, from filled flow collections to a doubtful character, it returns undefined, and parseYAML reads it.
 */
export function readPlainYAML(text: string): unknown {
  const lines = linesOf(text);
  if (lines === undefined || lines.length === 0) return undefined;
  const reader = new Reader(lines);
  try {
    const value = reader.block(0);
    return reader.isAtEnd ? value : undefined;
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

class NotPlain extends Error {}

interface Line {
  readonly indent: number;
  readonly text: string;
}

function linesOf(text: string): Line[] | undefined {
  // Tabs, carriage returns, other control characters and anything beyond ASCII are left to the real parser.
  if (/[^\n\x20-\x7e]/.test(text)) return undefined;
  const lines: Line[] = [];
  for (const line of text.split('\n')) {
    const content = line.trimStart();
    if (content === '' || content.startsWith('#')) continue;
    lines.push({ indent: line.length - content.length, text: content.trimEnd() });
  }
  return lines;
}

/** `key:` or `key: value`; keys are plain words. */
const ENTRY = /^([A-Za-z_][\w./-]*):(?: +(.*))?$/;

class Reader {
  readonly #lines: readonly Line[];
  #next = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  get isAtEnd(): boolean {
    return this.#next === this.#lines.length;
  }

  /** The mapping or sequence whose lines stand at `indent`. */
  block(indent: number): unknown {
    return this.#lines[this.#next]?.text.startsWith('-') ? this.#sequence(indent) : this.#mapping(indent);
  }

  #mapping(indent: number): Record<string, unknown> {
    const mapping: Record<string, unknown> = {};
    for (let line = this.#at(indent); line !== undefined && !line.text.startsWith('-'); line = this.#at(indent)) {
      this.#next++;
      this.#entry(mapping, line.text, indent);
    }
    return mapping;
  }

  #sequence(indent: number): unknown[] {
    const items: unknown[] = [];
    for (let line = this.#at(indent); line?.text.startsWith('-'); line = this.#at(indent)) {
      const [, gap = '', text = ''] = /^-( +)(.*)$/.exec(line.text) ?? [];
      if (text === '' || text.startsWith('-')) throw new NotPlain();
      this.#next++;
      const item: Record<string, unknown> = {};
      if (!ENTRY.test(text)) {
        items.push(scalar(text));
        continue;
      }
      // The first entry of a mapping stands behind the dash, and the others below it.
      const inner = indent + 1 + gap.length;
      this.#entry(item, text, inner);
      const others = this.#at(inner) === undefined ? {} : this.#mapping(inner);
      for (const [key, value] of Object.entries(others)) add(item, key, value);
      items.push(item);
    }
    return items;
  }

  #entry(mapping: Record<string, unknown>, text: string, indent: number): void {
    const [, key, value] = ENTRY.exec(text) ?? [];
    if (key === undefined || typeof scalar(key) !== 'string') throw new NotPlain();
    add(mapping, key, value === undefined || value === '' ? this.#below(indent) : plainValue(value));
  }

  /**
   * The value below a key: deeper lines, or a sequence that is not indented, as kubectl writes it. Empty without
   * either.
   */
  #below(indent: number): unknown {
    const line = this.#lines[this.#next];
    if (line === undefined || line.indent < indent) return null;
    if (line.indent > indent) return this.block(line.indent);
    return line.text.startsWith('-') ? this.#sequence(indent) : null;
  }

  /** The next line when it stands at `indent`, undefined when it stands further out. */
  #at(indent: number): Line | undefined {
    const line = this.#lines[this.#next];
    if (line === undefined || line.indent < indent) return undefined;
    if (line.indent > indent) throw new NotPlain();
    return line;
  }
}

function add(mapping: Record<string, unknown>, key: string, value: unknown): void {
  if (Object.hasOwn(mapping, key) || key === '__proto__') throw new NotPlain();
  mapping[key] = value;
}

/** kubectl writes `preferences: {}`. */
function plainValue(text: string): unknown {
  if (text === '{}') return {};
  return text === '[]' ? [] : scalar(text);
}

/** Words with a meaning in YAML 1.1; `true` and `false` are read above. */
const WORDS = /^(?:null|true|false|yes|no|on|off|y|n)$/i;

/** Strings that begin with a letter or a slash and hold nothing that YAML gives a meaning; quoted strings; booleans. */
function scalar(text: string): string | boolean {
  const quoted = /^"([^"\\]*)"$/.exec(text) ?? /^'([^']*)'$/.exec(text);
  if (quoted !== null) return quoted[1] ?? '';
  if (text === 'true' || text === 'false') return text === 'true';
  if (!/^[A-Za-z/][\w./:@=+,-]*$/.test(text) || /:(?:$|\s)/.test(text) || WORDS.test(text)) {
    throw new NotPlain();
  }
  return text;
}
