/** Reads a text from its beginning to its end. */
export class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next character; "" at the end. */
  peek(): string {
    return this.#text.charAt(this.#at);
  }

  next(): string {
    return this.#text.charAt(this.#at++);
  }

  /** Whether `token` came next; if so it is behind us. */
  take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  /** Text that `pattern` (sticky) matches here; undefined, and nothing is read, where it does not match. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  /** Everything before the next `token`, which stays; undefined, and nothing is read, when it does not come. */
  before(token: string): string | undefined {
    const end = this.#text.indexOf(token, this.#at);
    if (end < 0) return undefined;
    const text = this.#text.slice(this.#at, end);
    this.#at = end;
    return text;
  }

  rest(): string {
    const text = this.#text.slice(this.#at);
    this.#at = this.#text.length;
    return text;
  }
}
