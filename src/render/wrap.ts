/** Breaks a line of plain words at blanks, so that none is wider than `columns`; a longer word stands alone, uncut. */
export function wrap(text: string, columns: number): string[] {
  if (text.length <= columns) return text === '' ? [] : [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<= )(?=[^ ])/)) {
    if (line !== '' && (line + word).trimEnd().length > columns) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines;
}
