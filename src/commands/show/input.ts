import { tableOf } from '../../format/table-of.ts';
import { constants } from 'node:buffer';
import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../errors.ts';
import { readFile } from '../../files.ts';
import type { Runtime } from '../../runtime.ts';
import { findData } from '../../page/data-element.ts';
import { plainInput } from './plain-input.ts';
import { programName } from '../../format/program-name.ts';

/** Maximum length of one text: 512 MiB, about half a million spans. */
const MAX_BYTES = constants.MAX_STRING_LENGTH;
const LIMIT = `${Math.floor((MAX_BYTES + 1023) / 1024 / 1024)} MiB`;

/** The content, and how to name it in a sentence. */
export interface Input {
  /** Unpacked: UTF-8 without a byte order mark, or protobuf. */
  readonly bytes: Buffer;
  readonly name: string;
}

/** All of a file, plain or compressed. Throws UsageError when it cannot be read, is damaged or too large. */
export async function readInputFile(path: string, { cwd }: Pick<Runtime, 'cwd'>): Promise<Input> {
  const file = resolve(cwd, path);
  try {
    const about = statSync(file);
    if (about.size > MAX_BYTES) throw tooLarge(path);
    // A pipe or a device has no size: it is read as standard input is.
    const isFile = about.isFile() || about.isDirectory();
    return await inputOf(isFile ? await readFile(file) : await boundedBytes(createReadStream(file), path), path);
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(path, error);
  }
}

/** All of standard input, plain or compressed. Throws UsageError when it is damaged or too large. */
export async function readStandardInput({ input }: Pick<Runtime, 'input'>): Promise<Input> {
  const name = 'standard input';
  return inputOf(await boundedBytes(input(), name), name);
}

async function boundedBytes(source: AsyncIterable<Uint8Array>, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw tooLarge(name);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function inputOf(read: Buffer, name: string): Promise<Input> {
  const plain = (packed: Buffer): Promise<Buffer> =>
    plainInput(packed, name, MAX_BYTES, () => tooLarge(name, ' when it is decompressed'));
  const bytes = await plain(read);
  const page = findData(bytes);
  if (page === undefined) return { bytes, name };
  if (page.end === undefined) throw truncatedPage(name);
  return { bytes: await plain(Buffer.from(bytes.toString('latin1', page.start, page.end), 'base64')), name };
}

const truncatedPage = (name: string): UsageError =>
  new UsageError('DamagedInput', `${name} is a page of kubectl trace and ends within its data`, {
    hint: 'it may be truncated: copy or save it again',
  });

const tooLarge = (name: string, when = ''): UsageError =>
  new UsageError('InputTooLarge', `${name} is larger than ${LIMIT}${when}`, {
    hint: 'a single trace is never that large: save that trace only, or show it by its ID from the backend',
  });

const REASONS: Readonly<Record<string, string>> = tableOf({
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'not a directory',
});

function unreadable(path: string, cause: unknown): UsageError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return new UsageError('UnreadableInput', `open ${path}: ${REASONS[code] ?? message}`, {
    cause,
    ...(code === 'ENOENT' && {
      hint: `${programName()} show takes a trace ID (32 hexadecimal digits), a file, - for standard input, or last`,
    }),
  });
}
