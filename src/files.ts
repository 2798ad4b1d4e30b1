import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/**
 * What node:fs/promises has, made of node:fs: a program that has only a few small files to read need not load the
 * streams, watchers and line readers that come with the other (2 to 3 ms of every command).
 */
export const readFile = promisify(fs.readFile);
export const writeFile = promisify(fs.writeFile);
export const mkdir = promisify(fs.mkdir);
export const readdir = promisify(fs.readdir);
export const rename = promisify(fs.rename);
export const realpath = promisify(fs.realpath);
export const rm = promisify(fs.rm);
export const stat = promisify(fs.stat);

/**
 * A file that only its owner reads, whole whoever reads it and whatever happens: written beside and then renamed into
 * place. Its folder is made when there is none. Rejects with what Node.js rejects with; then nothing is left behind.
 */
export async function replaceFile(path: string, text: string, folderMode = 0o700): Promise<void> {
  const part = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: folderMode });
    await writeFile(part, text, { mode: 0o600, flag: 'wx' });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
}
