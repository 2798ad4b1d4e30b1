import { boundText, checkValues, largestExpanded, ResponseTooLarge } from '../../response-bounds.ts';
import type { ZlibOptions, ZstdOptions } from 'node:zlib';
import { UsageError } from '../../errors.ts';
import { programName } from '../../format/program-name.ts';

/** A compressed response in a compressed file has two layers. */
const MAX_LAYERS = 3;

interface Packing {
  /** As in `NAME is compressed with …`. */
  readonly name: string;
  readonly magic: readonly number[];
  readonly at?: number;
}

const GZIP: Packing = { name: 'gzip', magic: [0x1f, 0x8b] };
const ZSTD: Packing = { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] };
/** Formats that Node.js cannot unpack, or that hold several files. */
const UNSUPPORTED: readonly Packing[] = [
  { name: 'zip', magic: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68] },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18] },
  { name: 'compress', magic: [0x1f, 0x9d] },
  { name: 'tar', magic: [0x75, 0x73, 0x74, 0x61, 0x72], at: 257 },
];

const has = (bytes: Buffer, { magic, at = 0 }: Packing): boolean =>
  magic.every((byte, index) => bytes[at + index] === byte);

/**
 * The content, unpacked where it is compressed with gzip or zstd, and text as UTF-8 without a byte order mark. Never
 * more than `longest` bytes, however far a few compressed bytes expand. Throws UsageError for input that is too large,
 * damaged or packed in another way; `tooLarge` makes the first.
 */
export async function plainInput(
  packed: Buffer,
  name: string,
  longest: number,
  tooLarge: () => UsageError,
): Promise<Buffer> {
  let bytes = packed;
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const packing = [GZIP, ZSTD].find((item) => has(bytes, item));
    if (packing === undefined) break;
    bytes = await unpacked(bytes, name, packing, longest, tooLarge);
  }
  const unsupported = [GZIP, ZSTD, ...UNSUPPORTED].find((packing) => has(bytes, packing));
  if (unsupported !== undefined) {
    throw new UsageError('CompressedInput', `${name} is compressed with ${unsupported.name}, which is not supported`, {
      hint: `decompress it first, and give only the trace; ${programName()} show decompresses gzip and zstd`,
    });
  }
  const text = asUTF8(bytes, name);
  if (text.length > longest) throw tooLarge();
  if (isJSON(text)) checkJSON(text, name, bytes === packed ? undefined : packed.length);
  return text;
}

async function unpacked(
  bytes: Buffer,
  name: string,
  packing: Packing,
  longest: number,
  tooLarge: () => UsageError,
): Promise<Buffer> {
  // Loaded for the few files that need it.
  const { gunzipSync, zstdDecompressSync } = await import('node:zlib');
  const most = largestExpanded(bytes.length, longest);
  const options: ZlibOptions & ZstdOptions = { maxOutputLength: most };
  try {
    return packing === GZIP ? gunzipSync(bytes, options) : zstdDecompressSync(bytes, options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw most === longest ? tooLarge() : tooDense(name, packing, bytes.length);
    throw new UsageError('DamagedInput', `${name} is compressed with ${packing.name} and damaged: ${message}`, {
      hint: 'it may be truncated: copy or save it again',
      cause: error,
    });
  }
}

/** A trace shrinks to a tenth: data that expands a thousand times is no trace. */
const tooDense = (name: string, { name: format }: Packing, size: number): UsageError =>
  new UsageError(
    'InputTooLarge',
    `${name} is larger than the bound of ${boundText(largestExpanded(size, Infinity))} that ${boundText(size)} of ${format} may expand to`,
    { hint: 'decompress it first, if it is a trace' },
  );

const isJSON = (text: Buffer): boolean => /^\s*[[{]/.test(text.toString('latin1', 0, 100));

function checkJSON(text: Buffer, name: string, compressed: number | undefined): void {
  try {
    checkValues(text, compressed);
  } catch (error) {
    if (!(error instanceof ResponseTooLarge)) throw error;
    throw new UsageError('InputTooLarge', `${name} is larger than the bound of ${error.bound}`, {
      hint: 'a trace of this size has fewer values: save only the trace',
    });
  }
}

/** PowerShell's `>` writes UTF-16 with a byte order mark, newer versions UTF-8, with or without one. */
function asUTF8(bytes: Buffer, name: string): Buffer {
  const [first, second, third, fourth] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return bytes.subarray(3);
  const isUTF32 =
    (first === 0xff && second === 0xfe && third === 0 && fourth === 0) ||
    (first === 0 && second === 0 && third === 0xfe && fourth === 0xff);
  if (isUTF32) {
    throw new UsageError('UnknownEncoding', `${name} is text in UTF-32`, { hint: 'save it as UTF-8' });
  }
  if (first === 0xff && second === 0xfe) return fromUTF16(bytes.subarray(2), 'little');
  if (first === 0xfe && second === 0xff) return fromUTF16(bytes.subarray(2), 'big');
  const order = orderByZeros(bytes);
  return order === undefined ? bytes : fromUTF16(bytes, order);
}

/** A document begins with two characters of ASCII, so that the zeros tell the order (RFC 4627 §3). */
function orderByZeros([first = 0, second = 0, third = 0, fourth = 0]: Buffer): 'little' | 'big' | undefined {
  if (BEGINNINGS.has(first) && second === 0 && third !== 0 && fourth === 0) return 'little';
  return first === 0 && BEGINNINGS.has(second) && third === 0 && fourth !== 0 ? 'big' : undefined;
}

/** `{`, `[` and blanks of JSON, `<` of a page, `a` of our own YAML: a file of protobuf begins otherwise. */
const BEGINNINGS: ReadonlySet<number> = new Set([0x7b, 0x5b, 0x20, 0x09, 0x0d, 0x3c, 0x61]);

function fromUTF16(bytes: Buffer, order: 'little' | 'big'): Buffer {
  // Half a character at the end is that of a file that was cut off.
  const pairs = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const little = order === 'little' ? pairs : Buffer.from(pairs).swap16();
  return Buffer.from(little.toString('utf16le'), 'utf8');
}
