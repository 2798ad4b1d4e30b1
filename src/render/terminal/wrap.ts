import { textWithin, widthOf, type MeasureText } from './width.ts';

/**
 * Breaks a text at blanks and leaves one blank between words, so that no line is wider than `columns`; a wider word is
 * broken as well.
 */
export function wrap(text: string, columns: number, measure: MeasureText): string[] {
  return flow(text.trim().split(/ +/), columns, measure, ' ');
}

/** Sets parts one after the other, as many on a line as fit; a part wider than a line is wrapped alone. */
export function flow(parts: readonly string[], columns: number, measure: MeasureText, gap = '  '): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : line + gap + part;
    if (widthOf(longer, measure) <= columns) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = widthOf(part, measure) <= columns ? [part] : breakUp(part, columns, measure, gap);
    line = pieces.pop() ?? '';
    for (const piece of pieces) lines.push(piece);
  }
  if (line !== '') lines.push(line);
  return lines;
}

function breakUp(part: string, columns: number, measure: MeasureText, gap: string): string[] {
  if (gap !== ' ' && part.includes(' ')) return wrap(part, columns, measure);
  const pieces: string[] = [];
  for (let rest = part; rest !== ''; rest = rest.slice((pieces.at(-1) as string).length)) {
    const piece = textWithin(rest, columns, measure);
    // A single character wider than the line: nothing better can be done with it.
    pieces.push(piece === '' ? rest : piece);
  }
  return pieces;
}
