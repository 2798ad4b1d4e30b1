import type * as fs from 'node:fs';
import type * as path from 'node:path';

/**
 * Makes a folder and those above it that do not exist. One by one: mkdir with `recursive` tries again forever where a
 * folder exists and none can be made in it (ENOENT), as in /proc and in a home folder that autofs does not find. `uid`: this user.
 * Root, for which it is 0, makes none in a folder of another user: sudo may leave HOME as it was, and that user could not
 * use a folder of root there. Throws what Node.js throws, and an error in words there.
 */
export function makeFolders(folder: string, mode: number, modules: FolderModules, uid?: number): void {
  const { fs, path } = modules;
  if (isFolder(folder, fs)) return;
  const parent = path.dirname(folder);
  if (parent !== folder && fs.statSync(parent, { throwIfNoEntry: false }) === undefined) {
    makeFolders(parent, mode, modules, uid);
  }
  if (uid === 0 && fs.statSync(parent).uid !== 0) throw new Error(`${parent} belongs to another user than root`);
  try {
    fs.mkdirSync(folder, { mode });
  } catch (error) {
    // Another process may have made it by now.
    if (!isFolder(folder, fs)) throw error;
  }
}

/** Built-in modules, handed in by the code that may load them. */
interface FolderModules {
  readonly fs: Pick<typeof fs, 'mkdirSync' | 'statSync'>;
  readonly path: Pick<typeof path, 'dirname'>;
}

const isFolder = (folder: string, { statSync }: FolderModules['fs']): boolean =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
