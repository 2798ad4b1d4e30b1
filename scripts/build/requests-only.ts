import { relative } from 'node:path';
import type { Plugin } from 'esbuild';

/** Folders of the commands of `requests.js`; `kubectl` stands for any of kubectl's. */
export const REQUESTING = ['get', 'raw', 'run', 'kubectl'] as const;

/** Any of them prints its help. */
const KEPT: ReadonlySet<string> = new Set([...REQUESTING, 'help']);

/** The code of the error of what is left out. src/main.ts runs the line from `run.js` then. */
export const LEFT_OUT = 'LEFT_OUT';

const COMMAND = /^src[\\/]commands[\\/]([\w-]+)[\\/][\w-]+\.ts$/;

/**
 * Leaves out what runs the other commands: a third of the program. V8 reads the names and places of all functions of a file
 * in each run, also of those that are never called. Only a command's own command.ts imports it, but for the pods that follow what
 * was created: `get` creates nothing.
 */
export const requestsOnly: Plugin = {
  name: 'requests only',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^\.\.?\// }, ({ kind, importer, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const [from = '', to = ''] = [importer, `${resolveDir}/${path}`].map(
        (file) => COMMAND.exec(relative('.', file))?.[1],
      );
      const isKept = to === '' || KEPT.has(to) || (from !== to && to !== 'pod');
      return isKept ? undefined : { path: `${to}: ${path}`, namespace: 'left-out' };
    });
    esbuild.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: `throw Object.assign(new Error(${JSON.stringify(`${path} is not part of this file`)}), { code: '${LEFT_OUT}' });`,
    }));
  },
};
