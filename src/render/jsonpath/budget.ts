import { ExitCode, TraceCommandError } from '../../errors.ts';
import type { JSONValue } from '../../report/json-value.ts';
import { textOf } from './text.ts';

/** Parts that are printed, and values that are looked at: about a second. */
const MAX_STEPS = 10_000_000;
/** A text of all that is in a trace of 100,000 spans is shorter. */
const MAX_CHARACTERS = 128 * 1024 * 1024;

/**
 * Counts and bounds the cost of a template. Ranges within ranges multiply, and so does each `..` behind another: a line of text is enough
 * for more work than would ever end. kubectl has no limit.
 */
export class Budget {
  #steps = 0;
  #characters = 0;
  readonly #texts = new Map<object, string>();

  /** Throws TraceCommandError when the template took too much. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw failed(`the template takes more than ${inWords(MAX_STEPS)} steps`);
  }

  /** For a text that is printed. Throws TraceCommandError when there was too much before it. */
  print(text: string): string {
    this.#characters += text.length;
    if (this.#characters > MAX_CHARACTERS) {
      throw failed(`the template prints more than ${inWords(MAX_CHARACTERS)} characters`);
    }
    return text;
  }

  /** The text of an object is made once, however often it is printed. */
  textOf(value: JSONValue): string {
    if (typeof value !== 'object' || value === null) return textOf(value);
    const text = this.#texts.get(value) ?? textOf(value);
    this.#texts.set(value, text);
    return text;
  }

  /** Whether the template has failed for its cost. */
  get isSpent(): boolean {
    return this.#steps > MAX_STEPS;
  }
}

const inWords = (count: number): string => count.toLocaleString('en');

const failed = (message: string): TraceCommandError =>
  new TraceCommandError(
    ExitCode.requestFailed,
    'JSONPathFailed',
    `error executing jsonpath: ${message}: a {range} may lack its {end}, or a path have several ".."`,
  );
