import { widthOf, type MeasureText } from '../terminal/width.ts';
import { CELL, baselineOf, px, xOf } from './grid.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Escaped text of a screen, as content of XML. Characters that XML does not have are spelled out before. All others beyond
 * ASCII are numbers, because a shell may store the output of a program in another encoding, as PowerShell does.
 */
export const xmlText = (text: string): string =>
  text.replace(/[&<>"]|[^ -~]/gu, (character) => ENTITIES[character] ?? `&#${character.codePointAt(0)};`);

/** Classes of the picture's style, by the codes with which paint() begins a colour; every other code ends one. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['1', 'b'],
  ['2', 'd'],
  ['31', 'r'],
  ['33', 'y'],
]);

interface Run {
  readonly text: string;
  readonly column: number;
  readonly columns: number;
  readonly style: string;
}

/**
 * A line of a screen with its colours as one text, which copies as the line. Whatever stands behind two blanks or more
 * has its own place, and every run has its own length, so that columns stand below each other in any font.
 */
export function textLine(
  line: string,
  at: number,
  measure: MeasureText,
): { readonly element: string; readonly columns: number } {
  const runs = runsOf(line, measure);
  const content = runs.map((run) =>
    run.text.trim() === '' ? run.text : `<tspan ${attributesOf(run)}>${xmlText(run.text)}</tspan>`,
  );
  const last = runs.at(-1);
  if (last === undefined) return { element: '', columns: 0 };
  return {
    element: `<text y="${px(baselineOf(at))}">${content.join('')}</text>`,
    columns: last.column + last.columns,
  };
}

function attributesOf({ column, columns, style }: Run): string {
  const classes = style === '' ? '' : ` class="${style}"`;
  return `x="${px(xOf(column))}" textLength="${px(columns * CELL)}"${classes}`;
}

function runsOf(line: string, measure: MeasureText): Run[] {
  const runs: Run[] = [];
  let column = 0;
  for (const { text, style } of painted(line)) {
    for (const piece of text.split(/( {2,})/)) {
      if (piece === '') continue;
      const columns = widthOf(piece, measure);
      runs.push({ text: piece, column, columns, style });
      column += columns;
    }
  }
  return runs;
}

/** Escape sequences in a line are those of paint(): in every other text they are spelled out. */
function painted(line: string): { readonly text: string; readonly style: string }[] {
  const [first = '', ...others] = line.split('\u001B[');
  const colours = others.map((piece) => {
    const end = piece.indexOf('m');
    return { text: piece.slice(end + 1), style: CLASSES.get(piece.slice(0, end)) ?? '' };
  });
  return [{ text: first, style: '' }, ...colours].filter(({ text }) => text !== '');
}
