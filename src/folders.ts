import type * as fs from 'node:fs';
import type * as path from 'node:path';

/**
 * Makes a folder and those above it that do not exist. One by one: mkdir with `recursive` tries again forever where a
 * folder exists and none can be made in it (ENOENT), as in /proc and in a home folder that autofs does not find. Throws
 * what Node.js throws.
 */
export function makeFolders(folder: string, mode: number, modules: FolderModules): void {
  const { fs, path } = modules;
  if (isFolder(folder, fs)) return;
  const parent = path.dirname(folder);
  if (parent !== folder && fs.statSync(parent, { throwIfNoEntry: false }) === undefined) {
    makeFolders(parent, mode, modules);
  }
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
