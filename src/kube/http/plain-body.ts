import { boundText, checkValues, largestExpanded, MAX_BODY_BYTES, ResponseTooLarge } from '../../response-bounds.ts';

/** Between two slices the command does other things, such as ending because its time is over. */
const SLICE_BYTES = 256 * 1024;

/**
 * The body of a response, decompressed where it is compressed, in slices. Rejects with ResponseTooLarge beyond the bounds
 * of response-bounds.ts, with zlib's error when it is not what its header says, and with the signal's reason.
 */
export async function plainBody(
  body: Buffer,
  encoding: string | undefined,
  signal: AbortSignal,
  maxBytes = MAX_BODY_BYTES,
): Promise<Uint8Array> {
  const isPacked = encoding?.toLowerCase() === 'gzip' && body.length > 0;
  const plain = isPacked ? await gunzip(body, signal, maxBytes) : body;
  checkValues(plain, isPacked ? body.length : undefined);
  return plain;
}

async function gunzip(body: Buffer, signal: AbortSignal, maxBytes: number): Promise<Buffer> {
  const largest = largestExpanded(body.length, maxBytes);
  const bound = `${boundText(largest)} that ${boundText(body.length)} of gzip may expand to`;
  // Only responses above 128 KiB are compressed, so most commands never need zlib.
  const { createGunzip } = await import('node:zlib');
  const stream = createGunzip({ chunkSize: SLICE_BYTES });
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const slices: Buffer[] = [];
  let size = 0;
  const abort = (): void => void stream.destroy(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  stream.on('data', (slice: Buffer) => {
    size += slice.length;
    if (size > largest) stream.destroy(new ResponseTooLarge(bound));
    else slices.push(slice);
  });
  stream.on('error', reject);
  stream.on('end', () => resolve(Buffer.concat(slices, size)));
  stream.end(body);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
