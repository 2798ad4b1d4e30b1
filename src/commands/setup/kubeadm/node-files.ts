import { isUtf8 } from 'node:buffer';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';

/** A file with its owner and mode, which its replacement gets. */
export interface NodeFile {
  readonly text: string;
  /** False: the text has replacement characters, and is not the content of the file. */
  readonly isText: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly isLink: boolean;
}

/** Files of the node. Paths are the node's own. Every method rejects with the error of Node.js. */
export interface NodeFiles {
  /** Undefined for a file that does not exist. */
  read(path: string): Promise<NodeFile | undefined>;
  /** Writes a file and has it on the disk. It is not complete for a reader meanwhile: rename it into its place. */
  write(path: string, text: string, like?: Pick<NodeFile, 'mode' | 'uid' | 'gid'>): Promise<void>;
  /** Replaces `to` in one step, and has that on the disk. Needs no space. */
  rename(from: string, to: string): Promise<void>;
  /** A file or an empty folder; nothing where it does not exist. */
  remove(path: string): Promise<void>;
  makeFolder(path: string, mode: number): Promise<void>;
  /** Makes a symbolic link with this text, in one step. Rejects with EEXIST where the path exists. */
  makeLink(text: string, path: string): Promise<void>;
  /** The text of a symbolic link; undefined where it does not exist, "" for anything else. */
  readLink(path: string): Promise<string | undefined>;
}

/** The real ones, below `root`: `/host` in a debug pod, otherwise "". */
export function nodeFiles(root: string): NodeFiles {
  const real = (path: string): string => join(root === '' ? '/' : root, path);
  return {
    async read(path) {
      const found = fs.lstatSync(real(path), { throwIfNoEntry: false });
      if (found === undefined) return undefined;
      const { mode, uid, gid } = found;
      const bytes = fs.readFileSync(real(path));
      return {
        text: bytes.toString('utf8'),
        isText: isUtf8(bytes),
        mode: mode & 0o777,
        uid,
        gid,
        isLink: found.isSymbolicLink(),
      };
    },
    async write(path, text, like) {
      fs.rmSync(real(path), { force: true });
      const file = fs.openSync(real(path), 'wx', 0o600);
      try {
        fs.writeFileSync(file, text);
        if (like !== undefined) {
          const { uid, gid } = fs.fstatSync(file);
          if (uid !== like.uid || gid !== like.gid) fs.fchownSync(file, like.uid, like.gid);
          fs.fchmodSync(file, like.mode);
        }
        fs.fsyncSync(file);
      } finally {
        fs.closeSync(file);
      }
    },
    async rename(from, to) {
      fs.renameSync(real(from), real(to));
      syncFolder(dirname(real(to)));
    },
    async remove(path) {
      const found = fs.lstatSync(real(path), { throwIfNoEntry: false });
      if (found === undefined) return;
      if (!found.isDirectory()) fs.rmSync(real(path));
      else if (fs.readdirSync(real(path)).length === 0) fs.rmdirSync(real(path));
    },
    async makeFolder(path, mode) {
      try {
        fs.mkdirSync(real(path), { mode });
        // The umask of a careful administrator would take rights away.
        fs.chmodSync(real(path), mode);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    },
    async makeLink(text, path) {
      fs.symlinkSync(text, real(path));
    },
    async readLink(path) {
      try {
        return fs.readlinkSync(real(path));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT') return undefined;
        if (code === 'EINVAL') return '';
        throw error;
      }
    },
  };
}

/** A rename is on the disk when its folder is. */
function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
