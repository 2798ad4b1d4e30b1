import { relative } from 'node:path';
import type { Plugin } from 'esbuild';
import { leftOut } from './left-out.ts';

/** Folders of the commands of `requests.js`. */
export const REQUESTING = ['get', 'raw'] as const;

/** Any of them prints its help, and kubectl sends the requests of flags that are kubectl's. */
const KEPT: ReadonlySet<string> = new Set([...REQUESTING, 'kubectl', 'help']);

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
      return isKept ? undefined : leftOut.resolved(`${to}: ${path}`);
    });
    leftOut.load(esbuild);
  },
};
