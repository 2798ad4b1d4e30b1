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
 * The real path of `folder` if no user but `uid` and root can put a file into it or exchange a folder on the way to it:
 * each part of the real path belongs to one of the two, and neither its group nor others may write there. Root's own
 * files must not lie below another user's home, so that for root every part must belong to root. Without user IDs
 * (Windows) the profile's access rules hold. The path that was given may hold links, which another user may change
 * later. Never throws; undefined for any other folder, and for one that does not exist.
 */
export function privateFolder(folder: string, uid: number | undefined, { fs, path }: FileModules): string | undefined {
  if (uid === undefined) return folder;
  if (!path.isAbsolute(folder)) return undefined;
  try {
    // The system's own: that of Node.js is a loop in JavaScript, which takes 1 ms of a command.
    const real = fs.realpathSync.native(folder);
    for (let part = real; ; part = path.dirname(part)) {
      const { uid: owner, mode } = fs.lstatSync(part);
      if (owner !== uid && owner !== 0) return undefined;
      if ((mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0) return undefined;
      if (part === path.dirname(part)) return real;
    }
  } catch {
    return undefined;
  }
}

/**
 * The bytes of a file in a private folder; undefined when it is a link or a pipe, has a second name, or may be written by
 * another user. Throws what Node.js throws when it cannot be read.
 */
export function readPrivateFile(file: string, uid: number | undefined, { fs }: FileModules): Buffer | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  // Windows has neither flag, and undefined is 0 here. Without the second one, a pipe is opened when it has a writer.
  const descriptor = fs.openSync(file, O_RDONLY | (O_NOFOLLOW || 0) | (O_NONBLOCK || 0));
  try {
    const found = fs.fstatSync(descriptor);
    if (!found.isFile()) return undefined;
    const { uid: owner, mode, nlink } = found;
    if (uid !== undefined && (owner !== uid || (mode & OTHERS_WRITE) !== 0 || nlink !== 1)) return undefined;
    return fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
