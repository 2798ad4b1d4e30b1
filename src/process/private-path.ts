import type * as fs from 'node:fs';
import type * as path from 'node:path';

export interface FileModules {
  readonly fs: typeof fs;
  readonly path: typeof path;
}

/** Writable by the group or by others (stat(2), S_IWGRP and S_IWOTH). */
const OTHERS_WRITE = 0o022;
/** In such a folder only an entry's owner may rename or remove it (stat(2), S_ISVTX). */
const STICKY = 0o1000;

/**
 * True when no user but `uid` and root can put a file into `folder` or exchange a folder on the way to it: each part of
 * the real path belongs to one of the two, and neither its group nor others may write there. Root's own files must not lie
 * below another user's home, so that for root every part must belong to root. Without user IDs (Windows) the profile's
 * access rules hold. Never throws; a folder that does not exist is not private.
 */
export function isPrivateFolder(folder: string, uid: number | undefined, { fs, path }: FileModules): boolean {
  if (uid === undefined) return true;
  if (!path.isAbsolute(folder)) return false;
  try {
    let part = fs.realpathSync(folder);
    for (;;) {
      const { uid: owner, mode } = fs.lstatSync(part);
      if (owner !== uid && owner !== 0) return false;
      if ((mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0) return false;
      const above = path.dirname(part);
      if (above === part) return true;
      part = above;
    }
  } catch {
    return false;
  }
}

/**
 * The bytes of a file in a private folder; undefined when it is a link, has a second name, or may be written by another
 * user. Throws what Node.js throws when it cannot be read.
 */
export function readPrivateFile(file: string, uid: number | undefined, { fs }: FileModules): Buffer | undefined {
  // Windows has no such flag, and undefined is 0 here.
  const descriptor = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW || 0));
  try {
    const { uid: owner, mode, nlink } = fs.fstatSync(descriptor);
    if (uid !== undefined && (owner !== uid || (mode & OTHERS_WRITE) !== 0 || nlink !== 1)) return undefined;
    return fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
