import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/**
 * Files are read and written at once: node:fs/promises brings streams, watchers and line readers with it, and what Node.js
 * does in the background begins with four threads, 2 to 3 ms of every command each. Also large ones, which are read in a
 * tenth of a second.
 */

/**
 * All of a file. What is none, a pipe for example, may let one wait for it: that is done in the background. Rejects with
 * what Node.js rejects with.
 */
export async function readFile(path: string): Promise<Buffer>;
export async function readFile(path: string, encoding: 'utf8'): Promise<string>;
export async function readFile(path: string, encoding?: 'utf8'): Promise<Buffer | string> {
  if (!fs.statSync(path).isFile()) return promisify(fs.readFile)(path, encoding);
  return encoding === undefined ? fs.readFileSync(path) : fs.readFileSync(path, encoding);
}

/**
 * A file that only its owner reads, whole whoever reads it and whatever happens: written beside and then renamed into
 * place. Its folder is made when there is none. Rejects with what Node.js rejects with; then nothing is left behind.
 */
export async function replaceFile(path: string, text: string, folderMode = 0o700): Promise<void> {
  const part = `${path}.${randomUUID()}.tmp`;
  try {
    fs.mkdirSync(dirname(path), { recursive: true, mode: folderMode });
    fs.writeFileSync(part, text, { mode: 0o600, flag: 'wx' });
    fs.renameSync(part, path);
  } catch (error) {
    if (fs.existsSync(part)) fs.rmSync(part);
    throw error;
  }
}
