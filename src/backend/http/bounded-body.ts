import { findSpanLists, CHUNK_BYTES } from '../../codec/json-stream/span-lists.ts';
import { boundText, checkValues, countValues, largestExpanded, ResponseTooLarge } from '../../response-bounds.ts';

/** All of the body, `largest` bytes at most. Throws ResponseTooLarge. */
export async function boundedBody(response: Response, largest: number): Promise<Buffer> {
  if (response.body === null) return Buffer.alloc(0);
  const compressed = compressedSize(response);
  const most = compressed === undefined ? largest : largestExpanded(compressed, largest);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (size > most) throw new ResponseTooLarge(boundText(most));
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks, size);
  checkValues(body, compressed);
  checkBesideSpans(body);
  return body;
}

/** Undefined for a body that is not compressed; 0 where its length is unknown. */
const compressedSize = ({ headers }: Response): number | undefined =>
  headers.has('content-encoding') ? Number(headers.get('content-length')) || 0 : undefined;

/** Values that are parsed at once: 200,000 spans of Zipkin. */
const MAX_VALUES_AT_ONCE = 4_000_000;

/** Lists under the key `spans` are parsed a piece at a time, in any number (ADR 16). Throws ResponseTooLarge. */
function checkBesideSpans(body: Buffer): void {
  if (body.length <= MAX_VALUES_AT_ONCE || countValues(body) <= MAX_VALUES_AT_ONCE) return;
  let values = 0;
  let from = 0;
  for (const list of findSpanLists(body, CHUNK_BYTES, true) ?? []) {
    values += countValues(body.subarray(from, list.from));
    from = list.ends.at(-1) as number;
  }
  values += countValues(body.subarray(from));
  if (values > MAX_VALUES_AT_ONCE) throw new ResponseTooLarge(`${MAX_VALUES_AT_ONCE} values beside spans`);
}
