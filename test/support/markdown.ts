import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A document of the repository. */
export interface MarkdownDocument {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Every document that a reader of the repository can open. */
export function markdownDocuments(): readonly MarkdownDocument[] {
  const paths = globSync(['*.md', 'docs/**/*.md', '.github/**/*.md', 'test/**/*.md'], { cwd: ROOT });
  return paths.toSorted().map((path) => ({ path, text: readFileSync(`${ROOT}/${path}`, 'utf8') }));
}

/** A line of a code block, or a code span. */
export interface Code {
  readonly line: number;
  readonly text: string;
  /** Within a sentence. */
  readonly isSpan: boolean;
  /** In a block that shows output, not commands to type. */
  readonly isOutput: boolean;
}

const FENCE = /^\s*(?:```|~~~)(\w*)/;

/** The code of a document, in its order. A code span may go over the end of a line. */
export function codeOf(text: string): readonly Code[] {
  const found: Code[] = [];
  let language: string | undefined;
  let paragraph: { readonly line: number; readonly lines: string[] } | undefined;
  const finish = (): void => {
    for (const [, span = ''] of paragraph?.lines.join(' ').matchAll(/(?<!`)`([^`]+)`(?!`)/g) ?? []) {
      found.push({ line: paragraph!.line, text: span, isSpan: true, isOutput: false });
    }
    paragraph = undefined;
  };
  for (const [index, line] of text.split('\n').entries()) {
    const fence = FENCE.exec(line);
    const isIndented = paragraph === undefined && /^ {4}\S/.test(line);
    if (fence !== null || line.trim() === '' || language !== undefined || isIndented) finish();
    if (fence !== null) language = language === undefined ? (fence[1] ?? '') : undefined;
    else if (language !== undefined || isIndented) {
      const isOutput = language !== undefined && language !== 'sh';
      found.push({ line: index + 1, text: line.trim(), isSpan: false, isOutput });
    } else if (line.trim() !== '') (paragraph ??= { line: index + 1, lines: [] }).lines.push(line.trim());
  }
  finish();
  return found;
}

/** The text without its code, in which signs of links mean nothing. */
function proseOf(text: string): string {
  return text
    .replaceAll(/^\s*```[^]*?^\s*```/gm, '')
    .replaceAll(/^ {4}\S.*$/gm, '')
    .replaceAll(/`[^`]*`/g, '``');
}

/** The targets of the links of a document: `[text](target)`, `[text]: target` and `<https://…>`. */
export function linksOf(text: string): readonly string[] {
  const prose = proseOf(text);
  return [/\]\(([^)\s]+)(?: "[^"]*")?\)/g, /^\[[^\]]+\]: (\S+)$/gm, /<(https?:[^>]+)>/g].flatMap((pattern) =>
    [...prose.matchAll(pattern)].map(([, target = '']) => target),
  );
}

/** The anchors of the headings of a document, as GitHub makes them. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const outside = text.replaceAll(/^\s*```[^]*?^\s*```/gm, '');
  for (const [, heading = ''] of outside.matchAll(/^#{1,6} (.+)$/gm)) {
    const shown = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase();
    const anchor = shown.replaceAll(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
    let free = anchor;
    for (let number = 1; anchors.has(free); number++) free = `${anchor}-${number}`;
    anchors.add(free);
  }
  return anchors;
}

/** The lines of each block of shell commands below a heading of the second level. */
export function blocksBelow(heading: string, text: string): readonly string[] {
  const [, section] = text.split(`\n## ${heading}\n`);
  const [own = ''] = section?.split(/^## /m) ?? [];
  return [...own.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => block);
}
