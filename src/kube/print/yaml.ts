import { numberText } from './value-text.ts';
import { naturally } from './natural-order.ts';
import { escaped, styleOf } from './yaml-scalar.ts';

/** Beyond this column a text goes on in the next line. */
const BEST_WIDTH = 80;
/** A key that is longer, in bytes, is written with a question mark. */
const MAX_SIMPLE_KEY_LENGTH = 128;

/**
 * A value of JSON as kubectl prints it in YAML: keys in natural order, long texts folded, texts that look like something
 * else in quotes (sigs.k8s.io/yaml, go.yaml.in/yaml/v2).
 */
export function writeYAML(value: unknown): string {
  const emitter = new Emitter();
  emitter.node(value, { indent: 0, follows: false, inMapping: false });
  return `${emitter.text}\n`;
}

interface NodePosition {
  /** Indentation of the block that contains the node. */
  readonly indent: number;
  /** Something stands before it on its line: `- `, `key:`. */
  readonly follows: boolean;
  /** It is the value of a simple key. */
  readonly inMapping: boolean;
}

class Emitter {
  text = '';
  #column = 0;

  node(value: unknown, place: NodePosition): void {
    if (Array.isArray(value) && value.length > 0) this.#sequence(value, place);
    else if (isMapping(value) && Object.keys(value).length > 0) this.#mapping(value, place);
    else {
      if (place.follows) this.#put(' ');
      if (Array.isArray(value)) this.#put('[]');
      else if (isMapping(value)) this.#put('{}');
      else this.#scalar(value, place.indent + 2, false);
    }
  }

  #mapping(mapping: Readonly<Record<string, unknown>>, { indent, follows, inMapping }: NodePosition): void {
    const inner = inMapping || follows ? indent + 2 : indent;
    for (const [index, key] of Object.keys(mapping).sort(naturally).entries()) {
      this.#startLine(inner, index === 0 && follows && !inMapping, index === 0 && !follows);
      const value = mapping[key];
      if (Buffer.byteLength(key) <= MAX_SIMPLE_KEY_LENGTH) {
        this.#scalar(key, inner + 2, true);
        this.#put(':');
        this.node(value, { indent: inner, follows: true, inMapping: true });
        continue;
      }
      this.#put('? ');
      this.#scalar(key, inner + 2, false);
      this.#newLine(inner);
      this.#put(':');
      this.node(value, { indent: inner, follows: true, inMapping: false });
    }
  }

  /** The items of a sequence below a key stand where the key does. */
  #sequence(items: readonly unknown[], { indent, follows, inMapping }: NodePosition): void {
    const inner = follows && !inMapping ? indent + 2 : indent;
    for (const [index, item] of items.entries()) {
      this.#startLine(inner, index === 0 && follows && !inMapping, index === 0 && !follows);
      this.#put('-');
      this.node(item, { indent: inner, follows: true, inMapping: false });
    }
  }

  /** On the line that was begun behind a dash, at the very beginning, or on a new one. */
  #startLine(indent: number, isBehindDash: boolean, isFirst: boolean): void {
    if (isBehindDash) this.#put(' ');
    else if (!isFirst) this.#newLine(indent);
  }

  #scalar(value: unknown, indent: number, isKey: boolean): void {
    if (typeof value !== 'string') {
      this.#put(typeof value === 'number' ? numberText(value) : String(value));
      return;
    }
    const text = value.toWellFormed();
    const style = styleOf(text, isKey);
    if (style === 'literal') this.#literal(text, indent);
    else if (style === 'double') this.#doubleQuoted(text, indent, isKey);
    else this.#flowing(text, indent, isKey, style === 'single');
  }

  #literal(text: string, indent: number): void {
    // A first line that begins with a blank hides how deep the text is.
    const hint = /^[ \n\u2028\u2029]/.test(text) ? '2' : '';
    const chomping = !text.endsWith('\n') ? '-' : /^\n$|\n\n$/.test(text) ? '+' : '';
    this.#put(`|${hint}${chomping}`);
    for (const line of text.replace(/\n$/, '').split('\n')) {
      if (line === '') this.#newLine(0);
      else {
        this.#newLine(indent);
        this.#put(line);
      }
    }
  }

  /** Plain, or in single quotes; folded at single spaces beyond the best width. */
  #flowing(text: string, indent: number, isKey: boolean, quoted: boolean): void {
    if (quoted) this.#put("'");
    const characters = Array.from(text);
    for (const [index, character] of characters.entries()) {
      const previous = characters[index - 1];
      const isSingleSpace = character === ' ' && previous !== ' ' && characters[index + 1] !== ' ';
      const isInside = index > 0 && index < characters.length - 1;
      if (isSingleSpace && isInside && !isKey && this.#column > BEST_WIDTH) this.#newLine(indent);
      else {
        if (/[\u2028\u2029]/.test(previous ?? '') && !/[\u2028\u2029]/.test(character)) this.#put(' '.repeat(indent));
        this.#put(quoted && character === "'" ? "''" : character);
        if (/[\u2028\u2029]/.test(character)) this.#column = 0;
      }
    }
    if (quoted) this.#put("'");
  }

  #doubleQuoted(text: string, indent: number, isKey: boolean): void {
    this.#put('"');
    const characters = Array.from(text);
    let spaces = false;
    for (const [index, character] of characters.entries()) {
      const isInside = index > 0 && index < characters.length - 1;
      if (character !== ' ') this.#put(escaped(character) ?? character);
      else if (!spaces && !isKey && isInside && this.#column > BEST_WIDTH) {
        this.#newLine(indent);
        // Spaces at the beginning of a line would be lost.
        if (characters[index + 1] === ' ') this.#put('\\');
      } else this.#put(' ');
      spaces = character === ' ';
    }
    this.#put('"');
  }

  #newLine(indent: number): void {
    this.text += `\n${' '.repeat(indent)}`;
    this.#column = indent;
  }

  #put(text: string): void {
    this.text += text;
    this.#column += Array.from(text).length;
  }
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
