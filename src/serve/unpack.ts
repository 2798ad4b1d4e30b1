import { gunzipSync } from 'node:zlib';
import { tooLarge } from './body.ts';
import type { Limits } from './limits.ts';
import type { Refusal } from './outcome.ts';

export type Unpacked = { readonly status: 'whole'; readonly bytes: Buffer } | Refusal;

/**
 * Undoes the compression that a sender names. Unpacks one body at a time and stops at the limit, so that a small body
 * cannot become a large one.
 */
export function unpack(bytes: Buffer, encoding: string | undefined, limits: Limits): Unpacked {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return { status: 'whole', bytes };
  if (encoding !== 'gzip') {
    return { status: 'unsupported', message: `compression ${JSON.stringify(encoding)} is not known, gzip is` };
  }
  try {
    return { status: 'whole', bytes: gunzipSync(bytes, { maxOutputLength: limits.messageBytes }) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(limits);
    return { status: 'malformed', message: 'the body is not gzip, or was cut off' };
  }
}
