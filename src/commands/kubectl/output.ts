import { terminalText } from '../../render/escape.ts';
import type { Runtime, TextSink } from '../../runtime.ts';

/** Enough for a line about each object of a large file. */
const MAX_KEPT = 1024 * 1024;

/** kubectl's standard output: its beginning is stored, and all of it is passed on where it is to be seen. */
export class KubectlOutput {
  /** Its beginning. */
  text = '';
  readonly #decoder = new TextDecoder();
  readonly #sink: TextSink | undefined;
  readonly #runtime: Runtime;

  constructor(sink: TextSink | undefined, runtime: Runtime) {
    this.#sink = sink;
    this.#runtime = runtime;
  }

  readonly take = (chunk: Buffer): void => this.#write(this.#decoder.decode(chunk, { stream: true }));

  /** There is no more of it. */
  end(): void {
    this.#write(this.#decoder.decode());
  }

  #write(text: string): void {
    if (this.text.length < MAX_KEPT) this.text += text;
    // kubectl leaves most control characters as they are; on a terminal none may act.
    this.#sink?.write(terminalText(text, this.#runtime.outTerminal));
  }
}
