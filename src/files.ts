import * as fs from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { makeFolders as makeFoldersWith } from './folders.ts';
import { boundText } from './response-bounds.ts';

/**
 * Files are read and written at once: node:fs/promises brings streams, watchers and line readers with it, and what Node.js
 * does in the background begins with four threads, 2 to 3 ms of every command each. Also large ones, which are read in a
 * tenth of a second.
 */

/**
 * Complete content of a file. Reading from anything else, such as a pipe, may block: that is done in the background.
 * Rejects with the error of Node.js.
 */
export async function readFile(path: string): Promise<Buffer>;
export async function readFile(path: string, encoding: 'utf8'): Promise<string>;
export async function readFile(path: string, encoding?: 'utf8'): Promise<Buffer | string> {
  if (!fs.statSync(path).isFile()) return promisify(fs.readFile)(path, encoding);
  return encoding === undefined ? fs.readFileSync(path) : fs.readFileSync(path, encoding);
}

/**
 * Complete content of a regular file of at most `maxBytes`, with links followed. Throws NotReadable for anything else, which
 * may block or have no end, and the error of Node.js.
 */
export function readBounded(path: string, maxBytes: number): Buffer {
  return withOpened(path, READ, (descriptor, found) => {
    if (!found.isFile()) throw new NotReadable('it is not a regular file');
    if (found.size > maxBytes) throw new NotReadable(`it is larger than ${boundText(maxBytes)}`);
    return fs.readFileSync(descriptor);
  });
}

/** Without O_NONBLOCK, which Windows lacks, opening a pipe waits for its writer, in which time no signal is noticed. */
export const READ = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);

/** Opens a file for `read`, and closes it. Throws what Node.js throws. */
export function withOpened<Content>(
  path: string,
  flags: number,
  read: (descriptor: number, found: fs.Stats) => Content,
): Content {
  const descriptor = fs.openSync(path, flags);
  try {
    return read(descriptor, fs.fstatSync(descriptor));
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Why a file is not read. `message` goes on after its path. */
export class NotReadable extends Error {}

/**
 * A file that only its owner can read, and that is complete for every reader at any time: written beside and then
 * renamed into place. A missing folder is created: with `uid`, as `makeFolders` does. Rejects with the error
 * of Node.js; then nothing is left behind.
 */
export async function replaceFile(
  path: string,
  text: string | Uint8Array,
  { uid, folderMode = 0o700 }: { readonly uid?: UID; readonly folderMode?: number } = {},
): Promise<void> {
  // It takes longer to load than most commands take until then that write nothing.
  const { randomUUID } = await import('node:crypto');
  const part = `${path}.${randomUUID()}.tmp`;
  try {
    makeFolders(dirname(path), folderMode, uid);
    fs.writeFileSync(part, text, { mode: 0o600, flag: 'wx' });
    fs.renameSync(part, path);
  } catch (error) {
    if (fs.existsSync(part)) fs.rmSync(part);
    throw error;
  }
}

/** Makes a folder and those above it, without trying forever. Throws what Node.js throws. */
export const makeFolders = (folder: string, mode: number, uid: UID): void =>
  makeFoldersWith(folder, mode, { fs, path: { dirname } }, uid);

/** Never throws: what cannot be removed stays. */
export function removeFile(path: string): void {
  try {
    fs.rmSync(path);
  } catch {
    // It has gone, or its folder cannot be changed.
  }
}

/** Why a file is not opened. `message` goes on after its path: `/tmp/out: it is a link made by another user`. */
export class NotOurs extends Error {}

/** The user whose files may be used; undefined where files have no owners (Windows). */
export type UID = number | undefined;

/**
 * The path without links. Links of the user and of root are followed, at any place in it; one that another user has made
 * leads where that user wants. Links of /proc, such as /dev/stdout, are left to the kernel. Throws NotOurs, and what
 * Node.js throws.
 */
export function withoutLinks(path: string, uid: UID): string {
  // Without owners (Windows) no link is another user's.
  if (uid === undefined) return resolve(path);
  let parts = resolve(path).split(sep);
  let links = 0;
  for (let count = 2; count <= parts.length; count++) {
    const at = parts.slice(0, count).join(sep);
    if (at === '/proc') break;
    const found = fs.lstatSync(at, { throwIfNoEntry: false });
    if (found === undefined) break;
    if (!found.isSymbolicLink()) continue;
    if (!isOwn(found.uid, uid) && found.uid !== 0) {
      throw new NotOurs(`${at === resolve(path) ? 'it' : at} is a link made by another user`);
    }
    links++;
    if (links > MAX_LINKS) throw new NotOurs('it leads through too many links');
    parts = resolve(dirname(at), fs.readlinkSync(at), ...parts.slice(count)).split(sep);
    count = 1;
  }
  return parts.join(sep);
}

/** As many as Linux follows (MAXSYMLINKS). */
const MAX_LINKS = 40;

/**
 * Looks at a file that is open: one of this user's alone gets the mode 0600. Pipes and terminals are left as they are.
 * Throws NotOurs for what another user can change, or can have put there.
 */
export function claim(descriptor: number, uid: UID): void {
  const found = fs.fstatSync(descriptor);
  if (!found.isFile()) return;
  if (!isOwn(found.uid, uid)) throw new NotOurs('it belongs to another user');
  if (found.nlink > 1) throw new NotOurs('it has another name elsewhere (a hard link)');
  // Windows has no such mode.
  if (uid !== undefined && (found.mode & 0o777) !== 0o600) fs.fchmodSync(descriptor, 0o600);
}

/** To write, without following a link at the end of the path; what the file holds stays. Windows has no such flag. */
export const WRITE_OWN = fs.constants.O_WRONLY | fs.constants.O_CREAT | (fs.constants.O_NOFOLLOW ?? 0);

/** A file that only this user can have written or read. Throws NotOurs, and what Node.js throws. */
export const readOwnFile = (path: string, uid: UID): Buffer => withOwnFile(path, uid, (file) => fs.readFileSync(file));

/**
 * Opens a file that only this user can have written or read, for `read`. Throws NotOurs, and what Node.js throws.
 */
export function withOwnFile<Content>(path: string, uid: UID, read: (descriptor: number) => Content): Content {
  return withRegularFile(path, uid, (descriptor, { uid: owner, mode }) => {
    if (!isOwn(owner, uid)) throw new NotOurs('it belongs to another user');
    if (uid !== undefined && (mode & 0o077) !== 0) throw new NotOurs('others may read or write it');
    return read(descriptor);
  });
}

/** A file that only this user or root can have written; all may read it. Throws NotOurs, and what Node.js throws. */
export function readTrustedFile(path: string, uid: UID): Buffer {
  return withRegularFile(path, uid, (descriptor, { uid: owner, mode }) => {
    if (!isOwn(owner, uid) && owner !== 0) throw new NotOurs('it belongs to another user');
    if (uid !== undefined && (mode & 0o022) !== 0) throw new NotOurs('others may write it');
    return fs.readFileSync(descriptor);
  });
}

/** Without following a link at the end of the path. Windows has no such flag. */
const READ_OWN = READ | (fs.constants.O_NOFOLLOW ?? 0);

const withRegularFile = <Content>(
  path: string,
  uid: UID,
  read: (descriptor: number, found: fs.Stats) => Content,
): Content =>
  withOpened(withoutLinks(path, uid), READ_OWN, (descriptor, found) => {
    if (!found.isFile()) throw new NotOurs('it is no regular file');
    return read(descriptor, found);
  });

/** Whether `readOwnFile` would read it; false where there is no such file. Never throws. */
export function isOwnFile(path: string, uid: UID): boolean {
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && (uid === undefined || (found.uid === uid && (found.mode & 0o077) === 0));
}

/** Writable by every user, and a folder in which only the owner of an entry may replace it (stat(2)). */
const ALL_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * Whether no other user can replace a file in the folder: every part of its real path belongs to this user or to root,
 * and not every user may write there. A group may: often this user is its only member. Throws what Node.js throws.
 */
export function isOwnFolder(folder: string, uid: UID): boolean {
  if (uid === undefined) return true;
  for (let part = fs.realpathSync(folder); ; part = dirname(part)) {
    const { uid: owner, mode } = fs.lstatSync(part);
    if (owner !== uid && owner !== 0) return false;
    if ((mode & ALL_WRITE) !== 0 && (mode & STICKY) === 0) return false;
    if (part === dirname(part)) return true;
  }
}

export const isOwn = (owner: number, uid: UID): boolean => uid === undefined || owner === uid;
