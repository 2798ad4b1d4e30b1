import * as fs from 'node:fs';
import * as path from 'node:path';
import { privateFolder } from './private-path.ts';

/**
 * The topmost folder of a path that another user could change, for which nothing that is run is stored below it; undefined
 * where there is none.
 */
export function exposedFolder(folder: string, uid: number | undefined): string | undefined {
  const existing = realPath(folder);
  if (existing !== undefined && privateFolder(existing, uid, { fs, path }) !== undefined) return undefined;
  const parent = path.dirname(existing ?? folder);
  return (parent === folder ? undefined : exposedFolder(parent, uid)) ?? existing;
}

function realPath(folder: string): string | undefined {
  try {
    return fs.realpathSync(folder);
  } catch {
    return undefined;
  }
}
