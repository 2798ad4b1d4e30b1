import { readFile, writeFile } from 'node:fs/promises';
import { FLAGS } from '../src/commands/index.ts';
import { flagTable } from '../src/commands/help/text.ts';

/** `npm run readme`: writes the table of flags into README.md, between its markers. */
const file = new URL('../README.md', import.meta.url);
const text = await readFile(file, 'utf8');
const [, before, after] = /^([^]*<!-- flags -->\n)[^]*(\n<!-- \/flags -->[^]*)$/.exec(text) ?? [];
if (before === undefined || after === undefined) {
  throw new Error('README.md has no markers <!-- flags --> and <!-- /flags -->');
}
await writeFile(file, `${before}\n${flagTable(FLAGS)}\n${after}`);
