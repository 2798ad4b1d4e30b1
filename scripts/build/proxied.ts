import { relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { leftOut } from './left-out.ts';

/** Folders of the commands whose requests kubectl or another client sends. */
export const PROXYING = ['run', 'kubectl'] as const;

/** Those that these lines may run: any of them prints help. */
const KEPT = /^src[\\/]commands[\\/](?:run|help|kubectl[\\/]run\.ts)/;

/** Loaded before the command has ended, wherever it is imported. */
const BEFORE = /^src[\\/](?:kube|proxy|commands)[\\/]|^src[\\/]tracing[\\/]open-cluster\.ts$/;

/** Modules of which both files use the same copy: they have a state, or classes of values that go from one file to the other. */
export const SHARED = ['src/errors.ts', 'src/format/program-name.ts', 'src/format/shell-command.ts'] as const;

/** The first of the two files, and where the second one finds what both share. */
const FIRST = './proxied.js';
const SECOND = './report.js';

export const FIRST_ENTRY = [
  'export { run } from "./src/run.ts";',
  ...SHARED.map((path) => `export * from "./${path}";`),
].join('\n');

/** The second file has each module that the first one imports from it, by its path. */
export const secondEntry = (later: Iterable<string>): string =>
  `module.exports = { ${[...later].map((path) => `get ${JSON.stringify(path)}() { return require("./${path}"); }`).join(', ')} };`;

/**
 * Divides what a proxied command runs in two files: V8 reads the second one while kubectl loads. The first imports of it
 * only by `import()`, and these go to `later`.
 */
export function firstFile(later: Set<string>): Plugin {
  return {
    name: 'first file',
    setup(esbuild) {
      esbuild.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
        if (path === SECOND) return { path, external: true };
        const file = relative('.', resolve(resolveDir, path));
        if (kind !== 'dynamic-import' || !file.startsWith('src')) return undefined;
        if (/^src[\\/]commands[\\/]/.test(file) && !KEPT.test(file)) return leftOut.resolved(file);
        if (BEFORE.test(file)) return undefined;
        const name = file.replaceAll('\\', '/');
        later.add(name);
        return { path: name, namespace: 'later' };
      });
      esbuild.onLoad({ filter: /.*/, namespace: 'later' }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(SECOND)})[${JSON.stringify(path)}];`,
        resolveDir: '.',
      }));
      leftOut.load(esbuild);
    },
  };
}

/** Lacks what runs the other commands, too. */
export const secondFile: Plugin = {
  name: 'second file',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
      const file = relative('.', resolve(resolveDir, path)).replaceAll('\\', '/');
      if ((SHARED as readonly string[]).includes(file)) return { path: FIRST, external: true };
      if (kind === 'dynamic-import' && file.startsWith('src/commands/')) return leftOut.resolved(file);
      return undefined;
    });
    leftOut.load(esbuild);
  },
};
