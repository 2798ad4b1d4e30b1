import type { OnResolveResult, PluginBuild } from 'esbuild';

/** The code of the error of what a file lacks. src/main.ts runs the line from `run.js` then. */
export const LEFT_OUT = 'LEFT_OUT';

const namespace = 'left-out';

/** A part of the program that a file of it lacks: importing it throws. */
export const leftOut = {
  resolved: (path: string): OnResolveResult => ({ path, namespace }),
  load: (esbuild: PluginBuild): void =>
    esbuild.onLoad({ filter: /.*/, namespace }, ({ path }) => {
      const message = JSON.stringify(`${path} is not part of this file`);
      return { contents: `throw Object.assign(new Error(${message}), { code: '${LEFT_OUT}' });` };
    }),
};
