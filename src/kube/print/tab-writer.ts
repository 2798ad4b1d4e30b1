/** kubectl's settings (cli-runtime pkg/printers/tabwriter.go). */
const NARROWEST = 6;
const PADDING = 3;
/** A table has some dozen columns. A text with more tabs is not aligned behind this one. */
const MAX_COLUMNS = 256;

/**
 * Columns as kubectl aligns them: a cell belongs to the block of lines above and below that have one at its place, and is as
 * wide as the widest of them; widths once used are not undercut later. That is Go's elastic tab stops with remembered
 * widths (https://pkg.go.dev/github.com/liggitt/tabwriter).
 */
export class TabWriter {
  #lines: string[][] = [];
  #remembered: number[] = [];
  #written: string[] = [];

  /** One line of cells with tabs between them, without its end. */
  write(line: string): void {
    const cells = line.split(/[\t\v]/);
    if (cells.length > MAX_COLUMNS) cells.push(cells.splice(MAX_COLUMNS - 1).join(' '));
    this.#lines.push(cells);
    // A line of one cell aligns with nothing, so nothing has to wait for what follows it.
    if (cells.length === 1) this.flush();
  }

  /** Aligns what was written since the last time. */
  flush(): void {
    this.#align(0, this.#lines.length, []);
    this.#lines = [];
  }

  forgetWidths(): void {
    this.#remembered = [];
  }

  /** The text aligned since the last call. */
  take(): string {
    return this.#written.splice(0).join('');
  }

  /** Lines in which everything left of `widths.length` is a column already. One level for each column. */
  #align(from: number, to: number, widths: readonly number[]): void {
    const column = widths.length;
    let start = from;
    for (let at = from; at < to; at++) {
      if (column >= this.#lines[at]!.length - 1) continue;
      this.#put(start, at, widths);
      start = at;
      let width = NARROWEST;
      for (; at < to && column < this.#lines[at]!.length - 1; at++) {
        width = Math.max(width, characters(this.#lines[at]![column]!) + PADDING);
      }
      this.#align(start, at, [...widths, this.#remember(widths, width)]);
      start = at;
    }
    this.#put(start, to, widths);
  }

  #remember(widths: readonly number[], width: number): number {
    const column = widths.length;
    const remembered = this.#remembered;
    for (const item of widths.slice(remembered.length)) remembered.push(item);
    remembered[column] = Math.max(remembered[column] ?? 0, width);
    return remembered[column];
  }

  #put(from: number, to: number, widths: readonly number[]): void {
    for (const cells of this.#lines.slice(from, to)) {
      const padded = cells.map((cell, column) => {
        const width = widths[column];
        return width === undefined ? cell : cell + ' '.repeat(Math.max(0, width - characters(cell)));
      });
      this.#written.push(`${padded.join('')}\n`);
    }
  }
}

/** Code points, as Go counts them: wide characters are one. */
// oxlint-disable-next-line no-control-regex
const characters = (text: string): number => (/^[\0-\x7f]*$/.test(text) ? text.length : Array.from(text).length);
