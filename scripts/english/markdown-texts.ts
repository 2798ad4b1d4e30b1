import type { FoundText } from './typescript-texts.ts';

/** Paragraphs and table rows of a Markdown document, without code: the program's own texts are checked in src/. */
export function textsOfMarkdown(document: string): FoundText[] {
  const found: FoundText[] = [];
  let paragraph: { line: number; lines: string[] } | undefined;
  let isCode = false;
  const finish = (): void => {
    if (paragraph !== undefined) {
      const text = paragraph.lines.join(' ').replaceAll(/`[^`]*`/g, '`…`');
      found.push({ line: paragraph.line, kind: 'document', text });
    }
    paragraph = undefined;
  };
  for (const [index, line] of document.split('\n').entries()) {
    const isFence = /^\s*(?:```|~~~)/.test(line);
    if (isFence) isCode = !isCode;
    if (isFence || isCode || line.trim() === '' || /^\s*(?:\||[-*#]|\d+\.) ?/.test(line)) finish();
    if (isFence || isCode || line.trim() === '' || (paragraph === undefined && line.startsWith('    '))) continue;
    paragraph ??= { line: index + 1, lines: [] };
    paragraph.lines.push(line.trim());
  }
  finish();
  return found;
}
