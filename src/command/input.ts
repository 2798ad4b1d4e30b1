import { constants } from 'node:buffer';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { readFile } from '../files.ts';
import type { Runtime } from '../runtime.ts';

/** What one text can hold: 512 MiB, about half a million spans. */
const LONGEST = constants.MAX_STRING_LENGTH;
const LIMIT = `${Math.floor((LONGEST + 1023) / 1024 / 1024)} MiB`;

/** What was read, and how to name it in a sentence. */
export interface Input {
  /** UTF-8 without a byte order mark, or protobuf. */
  readonly bytes: Buffer;
  readonly name: string;
}

/** All of a file. Throws UsageError when it cannot be read or is too large. */
export async function readInputFile(path: string, { cwd }: Pick<Runtime, 'cwd'>): Promise<Input> {
  const file = resolve(cwd, path);
  try {
    if (statSync(file).size > LONGEST) throw tooLarge(path);
    return { bytes: withoutMark(await readFile(file)), name: path };
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(path, error);
  }
}

/** All of standard input. */
export async function readStandardInput({ input }: Pick<Runtime, 'input'>): Promise<Input> {
  const name = 'standard input';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input()) {
    size += chunk.byteLength;
    if (size > LONGEST) throw tooLarge(name);
    chunks.push(chunk);
  }
  return { bytes: withoutMark(Buffer.concat(chunks)), name };
}

/** PowerShell's `>` begins a file with a byte order mark, which is not JSON. */
const withoutMark = (bytes: Buffer): Buffer =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

const tooLarge = (name: string): UsageError =>
  new UsageError('InputTooLarge', `${name} is larger than ${LIMIT}`, {
    hint: 'a single trace is never so large: save it alone, or show it by its ID from the backend',
  });

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'not a directory',
};

function unreadable(path: string, cause: unknown): UsageError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return new UsageError('UnreadableInput', `open ${path}: ${REASONS[code] ?? message}`, {
    cause,
    ...(code === 'ENOENT' && {
      hint: 'kubectl trace show takes a trace ID (32 hexadecimal digits), a file, - for standard input, or last',
    }),
  });
}
