import type { Decoded } from './decoded.ts';
import { isObject, parseJSON, text } from './json.ts';
import { decodeOTLP } from './otlp/json.ts';
import { decodeOTLPProtobuf } from './otlp/protobuf.ts';
import type { Pool } from './pool.ts';
import { MalformedMessage, WireReader, WireType } from './protobuf/reader.ts';

/** A trace as Tempo gives it. */
export interface TempoTrace extends Decoded {
  /** Tempo says that it left something out; its own words, or empty. Undefined for a complete trace. */
  readonly partial?: string;
}

/** `tempopb.PartialStatus`; 0 is COMPLETE (grafana/tempo pkg/tempopb/tempo.proto). */
const PARTIAL = 1;

/** A `TraceByIDResponse`, the protobuf response of `/api/v2/traces/{id}`. Undefined for other bytes. */
export function decodeTraceByID(bytes: Uint8Array, pool: Pool): TempoTrace | undefined {
  try {
    const reader = new WireReader(bytes);
    let trace: Decoded | undefined = { spans: [], dropped: 0 };
    let status: number | bigint = 0;
    let message = '';
    while (reader.next(reader.end)) {
      if (reader.is(1, WireType.bytes)) trace = decodeOTLPProtobuf(reader.view(), pool);
      else if (reader.is(3, WireType.varint)) status = reader.int64();
      else if (reader.is(4, WireType.bytes)) message = reader.string();
      else reader.skip();
    }
    return trace === undefined ? undefined : { ...trace, ...(status === PARTIAL && { partial: message }) };
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
}

/** The same as JSON: `{trace, metrics, status, message}`; or `{batches}`, the response of `/api/traces/{id}`. */
export function decodeTempoJSON(source: string, pool: Pool): TempoTrace | undefined {
  const trace = decodeOTLP(source, pool);
  // Most traces are complete, and long: only a text that may say otherwise is parsed for it.
  if (trace === undefined || !source.includes('"PARTIAL"')) return trace;
  const partial = partialWords(parseJSON(source));
  return partial === undefined ? trace : { ...trace, partial };
}

/** Why Tempo left something out of a response, in its own words or none; undefined where it does not say that it did. */
export function partialWords(document: unknown): string | undefined {
  if (!isObject(document) || !('trace' in document)) return undefined;
  const { status, message } = document;
  return status === 'PARTIAL' || status === PARTIAL ? text(message) : undefined;
}
