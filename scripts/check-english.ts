import { glob, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { textsOfMarkdown } from './english/markdown-texts.ts';
import { ALLOWED, type AllowedPhrase } from './english/phrases.ts';
import { refusedPhrases } from './english/refused-phrases.ts';
import { textsOfSource, titlesOf, type FoundText } from './english/typescript-texts.ts';

// Refuses odd phrases in comments, messages, documents and test titles: `node scripts/check-english.ts [PATH…]`.
// With paths (a folder or a file from the root of the repository) it reports those only.

/** Folders and files whose texts are checked. */
const CHECKED = [
  'CONTRIBUTING.md',
  'README.md',
  'SECURITY.md',
  'docs',
  'scripts',
  'src/analysis',
  'src/backend',
  'src/backend-access.ts',
  'src/cli',
  'src/codec',
  'src/commands',
  'src/connection.ts',
  'src/errors.ts',
  'src/files.ts',
  'src/format',
  'src/kube',
  'src/main.ts',
  'src/pod',
  'src/process',
  'src/propagation',
  'src/proxy',
  'src/render',
  'src/report',
  'src/response-bounds.ts',
  'src/run.ts',
  'src/runtime.ts',
  'src/serve',
  'src/store',
  'src/trace',
  'src/tracing',
  'test/contract/architecture.test.ts',
  'test/contract/recorded-screens.test.ts',
  'test/fuzz',
  'test/soak',
  'test/unit/analysis',
  'test/unit/backend',
  'test/unit/codec',
  'test/unit/format',
  'test/unit/kube',
  'test/unit/pod',
  'test/unit/process',
  'test/unit/propagation',
  'test/unit/proxy',
  'test/unit/render',
  'test/unit/report',
  'test/unit/serve',
  'test/unit/store',
  'test/unit/trace',
];

const { positionals } = parseArgs({ allowPositionals: true });
const checked = positionals.length > 0 ? positionals : CHECKED;
/** The list itself holds the phrases. */
const isChecked = (file: string): boolean =>
  file !== 'scripts/english/phrases.ts' && checked.some((path) => file === path || file.startsWith(`${path}/`));

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
