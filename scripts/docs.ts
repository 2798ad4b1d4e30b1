import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { commandPages } from './docs/command-pages.ts';
import { withGlossary } from './docs/glossary-page.ts';
import { MAN_PAGES } from './docs/man-pages.ts';

/**
 * `npm run docs`: writes a page for each command into docs/commands/, from the texts that --help prints, the rows of
 * `kubectl trace glossary` into docs/reading-the-tree.md, below its introduction, and the names of the man pages into
 * package.json. The pages themselves are written by the build.
 */
const docs = new URL('../docs/', import.meta.url);
const folder = new URL('commands/', docs);
await rm(folder, { recursive: true, force: true });
await mkdir(folder);
for (const [name, text] of commandPages()) await writeFile(new URL(name, folder), text);
const tree = new URL('reading-the-tree.md', docs);
await writeFile(tree, withGlossary(await readFile(tree, 'utf8')));
const manifest = new URL('../package.json', import.meta.url);
const content = JSON.parse(await readFile(manifest, 'utf8')) as object;
await writeFile(manifest, `${JSON.stringify({ ...content, man: MAN_PAGES }, null, 2)}\n`);
