import { counted } from '../../format/counted.ts';
import { truncate, type MeasureText } from '../terminal/width.ts';
import { CELL, LINE, MARGIN } from './grid.ts';
import { STYLE } from './style.ts';
import { textLine, xmlText } from './text.ts';

/** The picture in words, for readers who cannot see it: escaped texts, of which only the beginning is used. */
export interface Alternative {
  readonly title: string;
  readonly description: string;
}

/** Columns of each of them, enough for a few sentences. */
const MAX_WORDS = 500;

/** Lines of a group of texts: a table of pods has fewer. */
const MAX_LINES = 120;

/** A picture that grows downwards, line by line. It is one document without script, link, font or image. */
export class Drawing {
  readonly measure: MeasureText;
  readonly #elements: string[] = [];
  #columns: number;
  #line = 0;

  constructor(columns: number, measure: MeasureText) {
    this.measure = measure;
    this.#columns = columns;
  }

  /** The next line to be drawn. */
  get line(): number {
    return this.#line;
  }

  /** Leaves an empty line where something stands above. */
  startGroup(): void {
    if (this.#line > 0) this.#line++;
  }

  /** A line of a screen, with its colours. A command to copy may be wider than the screen: the picture then is, too. */
  addLine(line: string): void {
    const { element, columns } = textLine(line, this.#line, this.measure);
    this.addElements([element]);
    this.#columns = Math.max(this.#columns, columns);
    this.#line++;
  }

  /** A group of texts, of which only the beginning is drawn where a text of the trace is endless. */
  addGroup(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.startGroup();
    for (const line of lines.slice(0, MAX_LINES)) this.addLine(line);
    const more = lines.length - MAX_LINES;
    if (more > 0) this.addLine(`… ${counted(more, 'more line')}`);
  }

  addElements(elements: readonly string[]): void {
    for (const element of elements) if (element !== '') this.#elements.push(element);
  }

  toSVG({ title, description }: Alternative): string {
    const width = Math.ceil(this.#columns * CELL) + 2 * MARGIN;
    const height = this.#line * LINE + 2 * MARGIN;
    const words = (text: string): string => xmlText(truncate(text, MAX_WORDS, '…', this.measure));
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" xml:space="preserve">`,
      `<title>${words(title)}</title>`,
      `<desc>${words(description)}</desc>`,
      `<style>${STYLE}</style>`,
      `<rect class="bg" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>`,
      ...this.#elements,
      '</svg>\n',
    ].join('\n');
  }
}
