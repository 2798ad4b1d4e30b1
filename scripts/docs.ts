import { mkdir, rm, writeFile } from 'node:fs/promises';
import { commandPages } from './docs/command-pages.ts';

/** `npm run docs`: writes a page for each command into docs/commands/, from the texts that --help prints. */
const folder = new URL('../docs/commands/', import.meta.url);
await rm(folder, { recursive: true, force: true });
await mkdir(folder);
for (const [name, text] of commandPages()) await writeFile(new URL(name, folder), text);
