import { glob, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { textsOfMarkdown } from './english/markdown-texts.ts';
import { ALLOWED, type AllowedPhrase } from './english/phrases.ts';
import { refusedPhrases } from './english/refused-phrases.ts';
import { textsOfSource, titlesOf, type FoundText } from './english/typescript-texts.ts';

// Refuses odd phrases in comments, messages, documents and test titles: `node scripts/check-english.ts [PATH…]`.
// With paths (a folder or a file from the root of the repository) it reports those only.

const { positionals } = parseArgs({ allowPositionals: true });
/** The list of phrases itself holds the phrases. */
const isChecked = (file: string): boolean =>
  file !== 'scripts/english/phrases.ts' &&
  (positionals.length === 0 || positionals.some((path) => file === path || file.startsWith(`${path}/`)));

const used = new Set<AllowedPhrase>();
const allowedIn = (file: string) => ({ allowed: ALLOWED.filter((entry) => entry.file === file), used });
let refusals = 0;
for (const file of await filesToCheck()) {
  for (const text of textsOf(file, await readFile(file, 'utf8'))) {
    for (const { phrase, words } of refusedPhrases(text, allowedIn(file))) {
      refusals++;
      report(`${file}:${text.line}: ${text.kind}: "${words}": write ${phrase.instead}`);
    }
  }
}
const unused = positionals.length > 0 ? [] : ALLOWED.filter((allowed) => !used.has(allowed));
for (const { file, text } of unused)
  report(`scripts/english/phrases.ts: the exception "${text}" of ${file} is not needed`);
if (refusals + unused.length > 0) process.exitCode = 1;

async function filesToCheck(): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(['src/**/*.ts', 'scripts/**/*.ts', 'test/**/*.ts', 'docs/**/*.md', '*.md'])) {
    files.push(file.replaceAll('\\', '/'));
  }
  return files.filter(isChecked).toSorted();
}

function textsOf(file: string, content: string): FoundText[] {
  if (file.endsWith('.md')) return textsOfMarkdown(content);
  return file.endsWith('.test.ts') ? titlesOf(content) : textsOfSource(content);
}

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}
