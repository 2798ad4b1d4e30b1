import type { Plugin } from 'esbuild';

/**
 * yargs prints nothing here: help and messages are ours. What it would print with (translations that it reads from files,
 * the width of the terminal, a layout of columns, a search for package.json) costs more time at the start than all the
 * rest of it. It takes these from one file, as it does in a browser; this is that file for a program that is silent.
 */
export const silentYargs: Plugin = {
  name: 'silent-yargs',
  setup(esbuild) {
    esbuild.onLoad({ filter: /[\\/]yargs[\\/]lib[\\/]platform-shims[\\/]esm\.mjs$/ }, () => ({ contents: PLATFORM }));
  },
};

const PLATFORM = `
import Parser from 'yargs-parser';
const nothing = () => {};
const text = (value = '') => value;
export default {
  Parser,
  assert: { strictEqual: nothing, notStrictEqual: nothing },
  cliui: () => ({ div: nothing, span: nothing, resetOutput: nothing, toString: text }),
  findUp: nothing,
  getEnv: nothing,
  inspect: String,
  getCallerFile: text,
  getProcessArgvBin: text,
  mainFilename: '',
  path: { basename: text, dirname: text, extname: text, relative: text, resolve: text, join: text },
  process: { argv: () => [], cwd: text, emitWarning: nothing, execPath: text, exit: nothing, nextTick: nothing, stdColumns: null },
  readFileSync: text,
  readdirSync: () => [],
  require: nothing,
  stringWidth: (value) => value.length,
  y18n: { __: text, __n: text, getLocale: () => 'en', setLocale: nothing, updateLocale: nothing },
};
`;
