import { parseTraceID, type TraceID } from '../../../trace/ids.ts';
import type { Lookup } from '../../backend.ts';
import { lookupOf, refused, unreadable } from '../../http/decoded-response.ts';
import { unexpectedResponse, type UnexpectedResponse } from '../../http/unexpected-response.ts';
import type { BackendResponse } from '../../http/client.ts';
import { isObject, list, parseJSON, text } from '../../../codec/json.ts';
import { decodeOTLPProtobuf } from '../../../codec/otlp/protobuf.ts';
import type { Pool } from '../../../codec/pool.ts';
import { decodeTempoJSON, decodeTraceByID, type TempoTrace } from '../../../codec/tempo.ts';

/** Tempo compares the whole header in its older versions, so nothing else may be in it. */
export const PROTOBUF = 'application/protobuf';

/** Reads the response for a trace. `v2` has an envelope, and no 404 for a missing trace. */
export function readTrace(response: BackendResponse, api: 'v2' | 'v1', pool: Pool): Lookup | UnexpectedResponse {
  if (response.status !== 'responded') return response;
  const { code, text: said } = response;
  // A missing route has a body in the words of Go's router or of a proxy; a missing trace has none.
  if (code === 404) return api === 'v1' && said.trim() === '' ? { status: 'absent' } : unexpectedResponse(code, said);
  if (code === 400 || code === 422) {
    return /^\s*[<{[]/.test(said) || /page not found|unsupported path/i.test(said)
      ? unexpectedResponse(code, said)
      : refused('Tempo', code, said);
  }
  if (code !== 200 && code !== 206) return unexpectedResponse(code, said);
  const trace = decoded(response, api, pool);
  if (trace === undefined) return unreadable(response);
  const lookup = lookupOf(trace);
  const partial = trace.partial ?? (code === 206 ? '' : undefined);
  if (partial === undefined || lookup.status !== 'found') return lookup;
  return { ...lookup, cut: tempoCut(partial) };
}

/** The note for a trace of which Tempo left something out. */
export const tempoCut = (partial: string): string =>
  `Tempo gave only a part of the trace${partial === '' ? '' : `: ${partial}`}`;

function decoded(
  { type, body, text: said }: Extract<BackendResponse, { status: 'responded' }>,
  api: 'v2' | 'v1',
  pool: Pool,
): TempoTrace | undefined {
  if (type !== PROTOBUF) return decodeTempoJSON(said, pool);
  return api === 'v2' ? decodeTraceByID(body, pool) : decodeOTLPProtobuf(body, pool);
}

/** The traces that a search found; their IDs come without leading zeros. */
export function readSearch(response: BackendResponse): readonly TraceID[] | Lookup | UnexpectedResponse {
  if (response.status !== 'responded') return response;
  const { code, text: said } = response;
  const document = parseJSON(said);
  if (code === 400) return refused('Tempo', code, said);
  if (code !== 200 || !isObject(document) || !('traces' in document || 'metrics' in document)) {
    return unreadable(response);
  }
  return list(document['traces']).flatMap((item) => {
    const id = isObject(item) ? parseTraceID(text(item['traceID'])) : undefined;
    return id === undefined ? [] : [id];
  });
}
