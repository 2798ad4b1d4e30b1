import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join, normalize } from 'node:path';
import type { Environment } from '../../runtime.ts';

/** Where a command was found, or Go's words for why it cannot be run. */
export type Found = { readonly path: string } | { readonly why: string };

/**
 * The file that a command stands for, as Go's os/exec looks it up (LookPath): a path is taken as it is, a name is looked
 * up in PATH. A name that is found only below the current directory is not run.
 */
export function lookPath(command: string, env: Environment): Found {
  if (['', '.', '..'].includes(command)) return NOT_FOUND;
  if (basename(command) !== command) {
    const [first, ...others] = candidates(command, env).map((path) => foundAt(path));
    return others.find((other) => 'path' in other) ?? first ?? NOT_FOUND;
  }
  const folders = env['PATH'] ? env['PATH'].split(delimiter) : [];
  for (const folder of folders) {
    for (const path of candidates(join(folder || '.', command), env)) {
      const found = foundAt(path);
      if (!('path' in found)) continue;
      return isAbsolute(path) ? found : { why: 'cannot run executable found relative to current directory' };
    }
  }
  return NOT_FOUND;
}

const NOT_FOUND: Found = { why: 'executable file not found in $PATH' };

/** Go's filepath.Clean. */
export const cleanPath = (path: string): string => normalize(path).replace(/(?<=[^/\\])[/\\]+$/, '');

/** Windows adds its extensions to a name without one. */
function candidates(path: string, { PATHEXT }: Environment): string[] {
  if (delimiter !== ';' || /\.[^./\\]+$/.test(path)) return [path];
  return (PATHEXT ?? '.com;.exe').split(';').map((extension) => `${path}${extension}`);
}

function foundAt(path: string): Found {
  try {
    if (statSync(path).isDirectory()) return { why: 'is a directory' };
    accessSync(path, constants.X_OK);
    return { path };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { why: `stat ${path}: no such file or directory` };
    return { why: code === 'EACCES' ? 'permission denied' : code };
  }
}
