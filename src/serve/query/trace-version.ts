import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { StoredTrace } from '../../store/trace-reader.ts';

/** Headers by which a client sees whether more spans of a trace have come, and when the newest did. */
export const versionHeaders = ({ version, arrivedMillis }: StoredTrace): OutgoingHttpHeaders => ({
  etag: `"${version}"`,
  'last-modified': new Date(arrivedMillis).toUTCString(),
  'cache-control': 'no-cache',
});

/** Responds with 304, and true, to a client that has all spans of the trace already. */
export function isKnown({ headers }: IncomingMessage, response: ServerResponse, trace: StoredTrace): boolean {
  const known = versionHeaders(trace);
  if (headers['if-none-match'] !== known['etag']) return false;
  response.writeHead(304, known);
  response.end();
  return true;
}
