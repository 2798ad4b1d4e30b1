import { tableOf } from '../../format/table-of.ts';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { Runtime } from '../../runtime.ts';
import { programName } from '../../format/program-name.ts';

/** One file that was read. */
export interface InputText {
  /** As it was named; STDIN for standard input. */
  readonly source: string;
  readonly text: string;
}

/** Size limit for all files of a command together. The API server takes 3 MB for one object. */
const MAX_BYTES = 50_000_000;
/** k8s.io/cli-runtime pkg/resource/builder.go, FileExtensions. */
const EXTENSIONS = ['.json', '.yaml', '.yml'];

type ManifestSources = Pick<Runtime, 'cwd' | 'input'>;

/** `-f`: files, folders (with everything below them when `recursive`) and "-". Rejects with a UsageError. */
export async function readInputs(
  names: readonly string[],
  recursive: boolean,
  runtime: ManifestSources,
): Promise<InputText[]> {
  if (names.filter((name) => name === '-').length > 1) {
    throw new UsageError('InvalidArguments', 'standard input can be read only once');
  }
  const texts: InputText[] = [];
  let left = MAX_BYTES;
  for (const name of names) {
    for (const source of await expand(name, recursive, runtime)) {
      const bytes = await readBounded(source, left, runtime);
      left -= bytes.length;
      texts.push({ source: source === '-' ? 'STDIN' : source, text: decode(bytes, source) });
    }
  }
  return texts;
}

/** One file, or "-". */
export async function readInput(name: string, runtime: ManifestSources): Promise<Uint8Array> {
  checkPath(name);
  return readBounded(name, MAX_BYTES, runtime);
}

async function expand(name: string, recursive: boolean, { cwd }: ManifestSources): Promise<string[]> {
  if (name === '-') return ['-'];
  checkPath(name);
  const found = await stat(resolve(cwd, name)).catch((error: NodeJS.ErrnoException) => unreadable(name, error));
  if (!found.isDirectory()) return [name];
  const files = await walk(name, recursive, cwd);
  if (files.length > 0) return files;
  throw new UsageError(
    'NoObjects',
    `error reading [${name}]: recognized file extensions are [${EXTENSIONS.join(' ')}]`,
  );
}

function checkPath(name: string): void {
  if (/^https?:\/\//i.test(name)) {
    throw new UsageError('NotAvailable', 'a URL is not read', { hint: `curl -fsSL URL | ${programName()} … -f -` });
  }
  if (name === '' || name.includes('\0')) throw new UsageError('InvalidArguments', 'a file name is not valid');
}

/** In the order of Go's filepath.Walk: by name, a folder's files in its place. */
async function walk(folder: string, recursive: boolean, cwd: string): Promise<string[]> {
  const entries = await readdir(resolve(cwd, folder), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) =>
    unreadable(folder, error),
  );
  const files: string[] = [];
  for (const entry of entries.toSorted((one, two) => (one.name < two.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(recursive ? await walk(path, recursive, cwd) : []));
    else if (EXTENSIONS.includes(extname(entry.name))) files.push(path);
  }
  return files;
}

async function readBounded(source: string, limit: number, { cwd, input }: ManifestSources): Promise<Buffer> {
  const stream: AsyncIterable<Uint8Array> = source === '-' ? input() : createReadStream(resolve(cwd, source));
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > limit) throw new UsageError('InputTooLarge', 'the input is larger than 50 MB');
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return unreadable(source, error as NodeJS.ErrnoException);
  }
  return Buffer.concat(chunks);
}

function unreadable(name: string, error: NodeJS.ErrnoException): never {
  const why: Readonly<Record<string, string>> = tableOf({ EACCES: 'permission denied', EISDIR: 'it is a folder' });
  const { code = 'unreadable' } = error;
  const message =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? `the path ${JSON.stringify(name)} does not exist`
      : `cannot read ${JSON.stringify(name)}: ${why[code] ?? code}`;
  throw new UsageError('UnreadableInput', message);
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Tools of Windows write them. */
const MARKS: readonly (readonly [Encoding, ...bytes: number[]])[] = [
  ['utf-8', 0xef, 0xbb, 0xbf],
  ['utf-16le', 0xff, 0xfe],
  ['utf-16be', 0xfe, 0xff],
];

const markOf = (bytes: Uint8Array): Encoding | undefined =>
  MARKS.find(([, ...mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0];

/** The text of bytes that begin with a byte order mark, without it; undefined for bytes that do not. */
export function textWithMark(bytes: Uint8Array, source: string): string | undefined {
  const encoding = markOf(bytes);
  return encoding === undefined ? undefined : decode(bytes, source, encoding);
}

/** A byte order mark names the encoding. Throws a UsageError. */
function decode(bytes: Uint8Array, source: string, encoding: Encoding = markOf(bytes) ?? 'utf-8'): string {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError('MalformedInput', `error parsing ${source}: it is not UTF-8`, { hint: 'nothing was sent' });
  }
}
