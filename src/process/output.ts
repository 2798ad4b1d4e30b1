import { isWindows, type Platform } from '../platform.ts';
import type { Environment, Terminal, TextSink } from '../runtime.ts';

type OutputFile = 1 | 2;

let isStreaming = false;
let isExitCodeKept = false;

/** From now on the exit code is that of another program, whatever becomes of our own output. */
export const keepExitCode = (): void => {
  isExitCodeKept = true;
};

/** Nothing that was written is still on its way. */
export const allIsWritten = (): boolean => !isStreaming;

function streamOf(file: OutputFile): NodeJS.WriteStream {
  return file === 1 ? process.stdout : process.stderr;
}

/**
 * Writes to the file itself: the modules of streams take as long to load as the whole rest of a short command. A stream
 * takes over from the first write that does not succeed: a full pipe empties in time; the reader of a pipe may leave
 * before the end (`| head`), then the rest is dropped; any other failure, a full disk for example, fails the command,
 * unless the exit code is another program's.
 */
export function sinkOf(file: OutputFile, platform: Platform): TextSink {
  const { writeSync } = process.getBuiltinModule('node:fs');
  let stream: NodeJS.WriteStream | undefined;
  let isBroken = false;
  return {
    write(text) {
      let rest = Buffer.from(text);
      // Consoles of Windows want their own encoding, which only the stream knows.
      if (isWindows(platform)) stream ??= openStream();
      if (stream === undefined) {
        try {
          while (rest.length > 0) rest = rest.subarray(writeSync(file, rest));
          return;
        } catch {
          stream = openStream();
        }
      }
      if (!isBroken) stream.write(rest);
    },
  };

  function openStream(): NodeJS.WriteStream {
    isStreaming = true;
    return streamOf(file).on('error', (error: NodeJS.ErrnoException) => {
      isBroken = true;
      if (error.code === 'EPIPE') return;
      if (!isExitCodeKept) process.exitCode = 1;
      if (file === 1) process.stderr.write(`error: cannot write the output: ${error.message}\n`);
    });
  }
}

/**
 * A file that is not a character device is no terminal. Only for a character device are the streams checked: they take
 * longer. On Windows, which kind a console has depends on the version of Node.js.
 */
export function terminalOf(file: OutputFile, platform: Platform, env: Environment): Terminal {
  const none: Terminal = { isTTY: false, columns: undefined };
  try {
    if (!isWindows(platform) && !process.getBuiltinModule('node:fs').fstatSync(file).isCharacterDevice()) return none;
  } catch {
    return none;
  }
  const stream = streamOf(file);
  if (!stream.isTTY) return none;
  // A terminal can be resized while the command runs.
  return {
    isTTY: true,
    isDumb: isDumb(env, platform),
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
  };
}

/** As in Git, an unknown terminal can do nothing. A console of Windows has no TERM, and understands escape sequences. */
export const isDumb = ({ TERM: term }: Environment, platform: Platform): boolean =>
  term === 'dumb' || (!term && !isWindows(platform));

/** Node.js 22 warns that node:sqlite is experimental; the tests run with it, and a user can do nothing about it. */
export function silenceSQLiteWarning(): void {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...details: unknown[]) => {
    if (String(warning).startsWith('SQLite is an experimental feature')) return;
    Reflect.apply(emitWarning, process, [warning, ...details]);
  };
}
