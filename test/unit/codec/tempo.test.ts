import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pool } from '../../../src/codec/pool.ts';
import { decodeProtobufFile } from '../../../src/codec/protobuf/file.ts';
import { decodeTempoJSON, decodeTraceByID } from '../../../src/codec/tempo.ts';
import { bytesField, message, textField, varintField } from '../../support/protobuf.ts';
import { protobufTrace, TRACE } from '../backend/protobuf-trace.ts';

const inEnvelope = (...more: readonly Buffer[]): Buffer => message(bytesField(1, protobufTrace), ...more);
const metrics = bytesField(2, varintField(1, 12_345n));

test('an envelope of protobuf: the trace, whole', () => {
  const trace = decodeTraceByID(inEnvelope(metrics), new Pool());
  assert.deepEqual(
    trace?.spans.map(({ traceID, name }) => [traceID, name]),
    [[TRACE, 'GET /cart']],
  );
  assert.equal(trace.partial, undefined);
});

test('a trace that was cut, in Tempo’s words', () => {
  const words = 'Trace exceeds maximum size of 100 bytes, a partial trace is returned';
  const trace = decodeTraceByID(inEnvelope(metrics, varintField(3, 1n), textField(4, words)), new Pool());
  assert.equal(trace?.partial, words);
  assert.equal(decodeTraceByID(inEnvelope(varintField(3, 0n)), new Pool())?.partial, undefined);
});

test('Tempo: a missing trace is an empty envelope, and broken bytes are undefined', () => {
  assert.deepEqual(decodeTraceByID(Buffer.alloc(0), new Pool()), { spans: [], dropped: 0 });
  assert.equal(decodeTraceByID(inEnvelope().subarray(0, -1), new Pool()), undefined);
  assert.equal(decodeTraceByID(message(bytesField(1, Buffer.from([0xff]))), new Pool()), undefined);
});

test('the same as JSON', () => {
  const trace = { resourceSpans: [] };
  const decode = (document: object): unknown => decodeTempoJSON(JSON.stringify(document), new Pool());
  assert.deepEqual(decode({ trace, metrics: {} }), { spans: [], dropped: 0 });
  assert.deepEqual(decode({ trace: {}, metrics: {} }), { spans: [], dropped: 0 });
  assert.deepEqual(decode({ trace, status: 'PARTIAL', message: 'cut' }), { spans: [], dropped: 0, partial: 'cut' });
  assert.deepEqual(decode({ batches: [] }), { spans: [], dropped: 0 });
  assert.equal(decode({ traces: [] }), undefined);
});

test('a file of protobuf: OTLP, Tempo’s envelope, or messages with their lengths', () => {
  const lengthOf = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return length;
  };
  const names = (bytes: Buffer): unknown => decodeProtobufFile(bytes)?.spans.map(({ name }) => name);
  assert.deepEqual(names(protobufTrace), ['GET /cart']);
  assert.deepEqual(names(inEnvelope(metrics)), ['GET /cart']);
  const framed = Buffer.concat([lengthOf(protobufTrace), protobufTrace]);
  assert.deepEqual(names(Buffer.concat([framed, framed])), ['GET /cart', 'GET /cart']);
  assert.equal(decodeProtobufFile(framed.subarray(0, -1)), undefined);
  assert.equal(decodeProtobufFile(Buffer.from('\n{"resourceSpans":[]}')), undefined);
  assert.equal(decodeProtobufFile(Buffer.alloc(0)), undefined);
});
