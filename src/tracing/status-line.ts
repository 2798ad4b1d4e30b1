import { truncate, widthOf, type MeasureText } from '../render/terminal/width.ts';
import type { Terminal, TextSink } from '../runtime.ts';

/** A line on the terminal that says what is being waited for. */
export interface StatusLine {
  /** Columns for its text. */
  readonly room: number;
  /** Writes the text over the one before; nothing where it is the same. */
  show(text: string): void;
  /** Removes the line: the result takes its place. */
  clear(): void;
}

/** Columns of a terminal that does not say how many it has. */
const COLUMNS = 80;
/**
 * Columns that stay free: the last one, where some terminals begin a new line, and two for the `^C` that the terminal
 * writes behind the text.
 */
const SPARE = 3;

/**
 * One line that changes in its place. It is written over rather than erased before, so that it does not flicker. Use it
 * for a terminal alone.
 */
export function statusLine(sink: TextSink, terminal: Pick<Terminal, 'columns'>, measure: MeasureText): StatusLine {
  const columns = (): number => terminal.columns || COLUMNS;
  const room = (): number => Math.max(0, columns() - SPARE);
  let shown = '';
  /** To the beginning of the line, which a terminal that was made narrower has wrapped. */
  const back = (): string => {
    const rows = Math.ceil(widthOf(shown, measure) / columns());
    return rows > 1 ? `\u001b[${rows - 1}A\r\u001b[J` : '\r';
  };
  return {
    get room() {
      return room();
    },
    show(text) {
      const line = truncate(text, room(), '…', measure);
      if (line === shown) return;
      sink.write(`${shown === '' ? '' : back()}${line}\u001b[K`);
      shown = line;
    },
    clear() {
      if (shown !== '') sink.write(`${back()}\u001b[K`);
      shown = '';
    },
  };
}
