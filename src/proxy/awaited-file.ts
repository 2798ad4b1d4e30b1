import { constants, linkSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';

/** The first wait for a reader, doubled each time, and the longest. */
const FIRST_MILLIS = 1;
const LONGEST_MILLIS = 1000;

/** A file that a program may open before it is written: until then it is a named pipe, at which the program waits. */
export interface AwaitedFile {
  /** Nothing opens it any more. */
  close(): void;
}

/**
 * Puts a file in the place of a named pipe. Who opens it from now on gets the file. Who waits at the pipe, or has found it
 * and is about to, gets the same text from it: it is reached by another name.
 *
 *     opens the file before    waits at the pipe ------| reads the text from it
 *     this process             | link, rename, write --|
 *     opens it later                  | reads the file
 *
 * Writing to a pipe without a reader fails, and is tried again until one came or the file is closed.
 */
export function replacePipe(path: string, text: string): AwaitedFile {
  const [pipe, file] = [`${path}.pipe`, `${path}.file`];
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  linkSync(path, pipe);
  renameSync(file, path);
  let timer: NodeJS.Timeout | undefined;
  const give = (millis: number): void => {
    const opened = openForReader(pipe);
    if (opened !== undefined) return writeAll(opened, text);
    timer = setTimeout(give, millis, Math.min(2 * millis, LONGEST_MILLIS)).unref();
  };
  give(FIRST_MILLIS);
  return { close: () => clearTimeout(timer) };
}

/** Undefined where nothing has opened the pipe for reading. */
function openForReader(pipe: string): number | undefined {
  try {
    return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** A pipe holds less than a long text. */
function writeAll(fd: number, text: string): void {
  const socket = new Socket({ fd, readable: false });
  // The reader has ended.
  socket.on('error', () => undefined);
  socket.unref();
  socket.end(text);
}
