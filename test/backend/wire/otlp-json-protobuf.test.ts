import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otlpFromJSON } from '../../../src/backend/wire/otlp-from-json.ts';
import { decodeOTLP } from '../../../src/backend/wire/otlp-json.ts';
import { spanGroups } from '../../../src/backend/wire/otlp-groups.ts';
import { decodeOTLPProtobuf } from '../../../src/backend/wire/otlp-protobuf.ts';
import { resourceSpansToJSON } from '../../../src/backend/wire/otlp-to-json.ts';
import { WireReader, WireType } from '../../../src/backend/wire/protobuf.ts';
import { fixture } from '../fixture.ts';

/** The messages `ResourceSpans` of a request. */
function resourceSpans(request: Buffer): Buffer[] {
  const reader = new WireReader(request);
  const messages: Buffer[] = [];
  while (reader.next(reader.end)) {
    if (reader.is(1, WireType.bytes)) messages.push(reader.view());
    else reader.skip();
  }
  return messages;
}

const whole = {
  resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }], droppedAttributesCount: 1 },
  scopeSpans: [
    {
      scope: { name: 'example', version: '1', attributes: [{ key: 'a', value: { boolValue: false } }] },
      spans: [
        {
          traceId: '0af7651916cd43dd8448eb211c80319c',
          spanId: 'b7ad6b7169203331',
          traceState: 'a=b',
          parentSpanId: '00f067aa0ba902b7',
          name: 'GET ü',
          kind: 2,
          startTimeUnixNano: '1795478400000000123',
          endTimeUnixNano: '1795478400000000456',
          attributes: [
            { key: 'text', value: { stringValue: '' } },
            { key: 'least', value: { intValue: '-9223372036854775808' } },
            { key: 'half', value: { doubleValue: 0.5 } },
            { key: 'endless', value: { doubleValue: '-Infinity' } },
            { key: 'bytes', value: { bytesValue: 'AQID' } },
            { key: 'list', value: { arrayValue: { values: [{ intValue: '1' }, { stringValue: 'x' }] } } },
            { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } } },
            { key: 'none', value: {} },
          ],
          droppedAttributesCount: 2,
          events: [{ timeUnixNano: '5', name: 'e', droppedAttributesCount: 3 }],
          droppedEventsCount: 4,
          links: [
            { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', traceState: 'c=d', flags: 257 },
          ],
          droppedLinksCount: 5,
          status: { message: 'boom', code: 2 },
          flags: 769,
        },
      ],
      schemaUrl: 'https://opentelemetry.io/schemas/1.30.0',
    },
  ],
  schemaUrl: 'https://opentelemetry.io/schemas/1.31.0',
};

test('nothing is lost on the way from JSON to protobuf and back', () => {
  const request = otlpFromJSON(JSON.stringify({ resourceSpans: [whole] }))!;
  assert.deepEqual(resourceSpans(request).map(resourceSpansToJSON), [whole]);
});

test('a recorded answer gives the same spans in either form', () => {
  const { resourceSpans: all } = (JSON.parse(fixture('shop-v3.json')) as { result: { resourceSpans: unknown } }).result;
  const text = JSON.stringify({ resourceSpans: all });
  assert.deepEqual(decodeOTLPProtobuf(otlpFromJSON(text)!), decodeOTLP(text));
});

test('JSON is read as tolerantly as everywhere: names of enumerations, base64, numbers, unknown members', () => {
  const text = `{"resourceSpans": [{"scopeSpans": [{"spans": [{
    "traceId": "CvdlGRbNQ92ESOshHIAxnA==", "spanId": "t61rcWkgMzE=", "kind": "SPAN_KIND_CLIENT", "name": 5, "new": {},
    "startTimeUnixNano": 1795478400000000123, "endTimeUnixNano": 1795478400000000456,
    "status": {"code": "STATUS_CODE_ERROR"}, "attributes": [{"key": "n", "value": {"intValue": 9007199254740993}}]
  }]}]}]}`;
  const [span] = decodeOTLPProtobuf(otlpFromJSON(text)!)!.spans;
  assert.deepEqual(span && [span.traceID, span.spanID, span.kind, span.name, span.status.code], [
    '0af7651916cd43dd8448eb211c80319c',
    'b7ad6b7169203331',
    'client',
    '',
    'error',
  ]);
  assert.deepEqual([span?.start, span?.end], [1795478400000000123n, 1795478400000000456n]);
  assert.equal(span?.attributes['n'], 9007199254740993n);
});

test('what is no JSON object is told by undefined, and one without spans is an empty request', () => {
  for (const text of ['', '[', '[]', '5', 'null']) assert.equal(otlpFromJSON(text), undefined, text);
  for (const text of ['{}', '{"resourceSpans": null}', '{"resourceSpans": [5, {}]}']) {
    assert.deepEqual(spanGroups(otlpFromJSON(text)!), [], text);
  }
});

test('values nested without end exhaust nothing, in either direction', () => {
  const depth = 5000;
  const value = '{"arrayValue":{"values":['.repeat(depth) + '{}' + ']}}'.repeat(depth);
  const span = `{"traceId":"${'1'.repeat(32)}","spanId":"${'1'.repeat(16)}","attributes":[{"key":"k","value":${value}}]}`;
  const request = otlpFromJSON(`{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`)!;
  assert.ok(resourceSpans(request).map(resourceSpansToJSON).length === 1);
});
