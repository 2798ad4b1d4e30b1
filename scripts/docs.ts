import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { commandPages } from './docs/command-pages.ts';
import { withGlossary } from './docs/glossary-page.ts';

/**
 * `npm run docs`: writes a page for each command into docs/commands/, from the texts that --help prints, and the rows of
 * `kubectl trace glossary` into docs/reading-the-tree.md, below its introduction.
 */
const docs = new URL('../docs/', import.meta.url);
const folder = new URL('commands/', docs);
await rm(folder, { recursive: true, force: true });
await mkdir(folder);
for (const [name, text] of commandPages()) await writeFile(new URL(name, folder), text);
const tree = new URL('reading-the-tree.md', docs);
await writeFile(tree, withGlossary(await readFile(tree, 'utf8')));
