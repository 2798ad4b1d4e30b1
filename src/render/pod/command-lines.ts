import { widthOf, type MeasureText } from '../terminal/width.ts';

/**
 * The words of a command as they are written: what stands in quotes belongs to its word, and so does a character behind
 * a backslash.
 */
const WORD = /(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\]|['"\\])+/gs;

/** The end of a line that a shell reads together with the next one. */
const CONTINUED = ' \\';

/**
 * A command on lines that are one command for a shell too: what is copied is not run in parts. It is continued between
 * words only, since a line end in quotes would be part of the value: a word that is too wide stays whole on its line.
 */
export function commandLines(command: string, columns: number, measure: MeasureText): string[] {
  if (widthOf(command, measure) <= columns) return [command];
  const lines: string[] = [];
  for (const word of command.match(WORD) ?? []) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer, measure) <= columns - CONTINUED.length) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line, index) => (index === lines.length - 1 ? line : line + CONTINUED));
}
