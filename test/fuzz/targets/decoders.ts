import fc from 'fast-check';
import { readDocuments } from '../../../src/codec/documents.ts';
import { decodeJaeger } from '../../../src/codec/jaeger/jaeger.ts';
import { parseJSON } from '../../../src/codec/json.ts';
import type { Decoded } from '../../../src/codec/decoded.ts';
import { otlpFromJSON } from '../../../src/codec/otlp/from-json.ts';
import { JSONTooLarge } from '../../../src/codec/otlp/json-bounds.ts';
import { decodeOTLP } from '../../../src/codec/otlp/json.ts';
import { decodeSpanDocuments } from '../../../src/codec/span-documents.ts';
import { decodeOTLPProtobuf } from '../../../src/codec/otlp/protobuf.ts';
import { Pool } from '../../../src/codec/pool.ts';
import { decodeProtobufFile } from '../../../src/codec/protobuf/file.ts';
import { decodeTempoJSON, decodeTraceByID } from '../../../src/codec/tempo.ts';
import { decodeZipkin } from '../../../src/codec/zipkin/zipkin.ts';
import { parseSpanID, parseTraceID } from '../../../src/trace/ids.ts';
import type { Span } from '../../../src/trace/span.ts';
import { corpusOf } from '../engine/corpus.ts';
import { BYTE_MUTATIONS, PROTOBUF_MUTATIONS } from '../engine/mutate-bytes.ts';
import { changeValue } from '../engine/mutate-json.ts';
import { promise, stateless, type Target } from '../engine/target.ts';
import { jsonText, protobufMessage } from './grammars.ts';

/** Half of the changes are to one value of the document: the rest of it is read. */
export const JSON_MUTATIONS = [
  ...BYTE_MUTATIONS,
  ...Array<typeof changeValue>(BYTE_MUTATIONS.length).fill(changeValue),
];

/** The spans are what analysis relies on, whatever the bytes were. */
export function soundSpans(decoded: Decoded | undefined): string {
  if (decoded === undefined) return 'not of the format';
  for (const span of decoded.spans) promise(isSound(span), `a span is decoded that has no valid ID, time or name`);
  return `${decoded.spans.length} spans, ${decoded.dropped} left out`;
}

/** A span that analysis can rely on. */
export const isSound = ({ traceID, spanID, parentSpanID, name, start, end, attributes, resource }: Span): boolean =>
  parseTraceID(traceID) === traceID &&
  parseSpanID(spanID) === spanID &&
  (parentSpanID === undefined || parseSpanID(parentSpanID) === parentSpanID) &&
  typeof name === 'string' &&
  typeof resource.service === 'string' &&
  start >= 0n &&
  end >= 0n &&
  // An attribute called __proto__ is an attribute.
  [attributes, resource.attributes].every((one) =>
    [Object.prototype, null].includes(Object.getPrototypeOf(one) as null),
  );

const otlpProtobuf: Target = {
  name: 'otlp-protobuf',
  reads: 'OTLP in protobuf, alone, as Tempo wraps it and in the frames of a file',
  corpus: () => corpusOf('otlp-protobuf', 'tempo/trace-v1.pb', 'tempo/trace-v2.pb'),
  mutations: PROTOBUF_MUTATIONS,
  grammar: protobufMessage,
  isPure: true,
  open: stateless((input) =>
    [decodeOTLPProtobuf(input), decodeTraceByID(input, new Pool()), decodeProtobufFile(input)]
      .map(soundSpans)
      .join('; '),
  ),
};

const otlpJSON: Target = {
  name: 'otlp-json',
  reads: "OTLP in JSON, Tempo's among it, and the protobuf that the receiver makes of it",
  corpus: () =>
    corpusOf(
      'otlp-json',
      'jaeger/create-kept-v3.json',
      'jaeger/shop-v3.json',
      'tempo/trace-v1.json',
      'tempo/trace-v2.json',
      'tempo/trace-64-bit.json',
    ),
  mutations: JSON_MUTATIONS,
  grammar: jsonText,
  isPure: true,
  open: stateless((input) => {
    const text = input.toString('utf8');
    promise(isReadable(text), 'the protobuf that is made of JSON cannot be read');
    return [decodeOTLP(text), decodeTempoJSON(text, new Pool())].map(soundSpans).join('; ');
  }),
};

/** The receiver refuses some requests as too large; the protobuf of all others can be read. */
function isReadable(text: string): boolean {
  try {
    const protobuf = otlpFromJSON(text);
    return protobuf === undefined || decodeOTLPProtobuf(protobuf) !== undefined;
  } catch (error) {
    if (error instanceof JSONTooLarge) return true;
    throw error;
  }
}

const jaegerJSON: Target = {
  name: 'jaeger-json',
  reads: "Jaeger's JSON of its first API",
  corpus: () =>
    corpusOf(
      'jaeger-json',
      'jaeger/create-kept-v1.json',
      'jaeger/shop-v1.json',
      'jaeger/bad-id-v1.json',
      'victoriatraces/search.json',
    ),
  mutations: JSON_MUTATIONS,
  grammar: jsonText,
  isPure: true,
  open: stateless((input) => soundSpans(decodeJaeger(parseJSON(input.toString('utf8'))))),
};

const zipkinJSON: Target = {
  name: 'zipkin-json',
  reads: "Zipkin's JSON, version 2",
  corpus: () => corpusOf('zipkin-json', 'zipkin/trace.json', 'zipkin/search.json', 'zipkin/trace-64-bit.json'),
  mutations: JSON_MUTATIONS,
  grammar: jsonText,
  isPure: true,
  open: stateless((input) => soundSpans(decodeZipkin(parseJSON(input.toString('utf8'))))),
};

const pieces: Target = {
  name: 'json-in-pieces',
  reads: 'large JSON files a piece at a time, cut at guessed places',
  corpus: () => corpusOf('json-in-pieces', 'jaeger/shop-v3.json', 'tempo/trace-v2.json', 'jaeger/create-kept-v3.json'),
  mutations: JSON_MUTATIONS,
  grammar: fc
    .array(jsonText, { minLength: 1, maxLength: 3 })
    .map((lines) => Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))),
  isPure: true,
  open: stateless((input) => {
    const read = (chunkBytes: number): string => {
      try {
        const decode = (documents: readonly unknown[] | undefined) =>
          documents && decodeSpanDocuments(documents, Buffer.from(input));
        return soundSpans(readDocuments(Buffer.from(input), decode, undefined, chunkBytes));
      } catch (error) {
        if (error instanceof SyntaxError) return 'not JSON';
        throw error;
      }
    };
    const [whole, small] = [read(1 << 30), read(64)];
    promise(whole === small, `in pieces it is read as "${small}", at once as "${whole}"`);
    return whole;
  }),
};

export const DECODERS: readonly Target[] = [otlpProtobuf, otlpJSON, jaegerJSON, zipkinJSON, pieces];
