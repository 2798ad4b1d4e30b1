import type { Plugin } from 'esbuild';

/**
 * `yargs/helpers` exports yargs' parser beside functions that load its tables and translations, which cost as much time
 * as everything else at the start. Only the parser remains.
 */
export const argumentParserOnly: Plugin = {
  name: 'argument-parser-only',
  setup(esbuild) {
    esbuild.onLoad({ filter: /[\\/]yargs[\\/]helpers[\\/]helpers\.mjs$/ }, () => ({
      contents: `export { default as Parser } from 'yargs-parser';`,
    }));
  },
};
