import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decodeJaeger } from '../../../src/codec/jaeger/jaeger.ts';
import type { Decoded } from '../../../src/codec/decoded.ts';
import { decodeOTLP } from '../../../src/codec/otlp/json.ts';
import { decodeZipkin } from '../../../src/codec/zipkin/zipkin.ts';

/** A value that JSON.parse reads and JSON.stringify runs out of stack on. */
const LEVELS = 100_000;
const DEEP = '['.repeat(LEVELS) + ']'.repeat(LEVELS);

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = '00f067aa0ba902b7';

const otlp = (resource: string, attribute: string): string =>
  `{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":${resource}}]},"scopeSpans":[{"spans":[{"traceId":"${TRACE}","spanId":"${SPAN}","name":"n","startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"a","value":${attribute}}]}]}]}]}`;
const jaeger = (tag: string, process: string): string =>
  `{"data":[{"traceID":"${TRACE}","spans":[{"traceID":"${TRACE}","spanID":"${SPAN}","operationName":"n","startTime":1,"duration":1,"processID":"p1","tags":[{"key":"a","type":"string","value":${tag}}]}],"processes":{"p1":{"serviceName":"s","tags":[{"key":"a","type":"string","value":${process}}]}}}]}`;
const zipkin = (tag: string): string =>
  `[{"traceId":"${TRACE}","id":"${SPAN}","name":"n","timestamp":1,"duration":1,"tags":{"a":${tag}}}]`;

suite('100,000 levels of nesting cost a value and not the trace', () => {
  const documents: readonly (readonly [what: string, decode: () => Decoded | undefined])[] = [
    ["a resource's attribute of OTLP", () => decodeOTLP(otlp(DEEP, '{"stringValue":"b"}'))],
    ["a list in a resource's attribute", () => decodeOTLP(otlp(`{"arrayValue":{"values":${DEEP}}}`, '{}'))],
    ["a span's attribute of OTLP", () => decodeOTLP(otlp('{}', `{"arrayValue":{"values":${DEEP}}}`))],
    ["a span's tag of Jaeger", () => decodeJaeger(JSON.parse(jaeger(DEEP, '"b"')))],
    ["a process's tag of Jaeger", () => decodeJaeger(JSON.parse(jaeger('"b"', DEEP)))],
    ['a tag of Zipkin', () => decodeZipkin(JSON.parse(zipkin(DEEP)))],
  ];
  for (const [what, decode] of documents) {
    test(what, () => {
      const decoded = decode();
      assert.deepEqual(
        decoded?.spans.map(({ spanID }) => spanID),
        [SPAN],
      );
    });
  }
});
