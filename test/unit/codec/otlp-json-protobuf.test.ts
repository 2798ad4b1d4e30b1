import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { otlpFromJSON } from '../../../src/codec/otlp/from-json.ts';
import { JSONTooLarge } from '../../../src/codec/otlp/json-bounds.ts';
import { decodeOTLP } from '../../../src/codec/otlp/json.ts';
import { spanGroups } from '../../../src/codec/otlp/groups.ts';
import { decodeOTLPProtobuf } from '../../../src/codec/otlp/protobuf.ts';
import { resourceSpansToJSON } from '../../../src/codec/otlp/to-json.ts';
import { WireReader, WireType } from '../../../src/codec/protobuf/reader.ts';
import { fixture } from '../backend/fixture.ts';

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

test('a recorded response gives the same spans in either form', () => {
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

test('a text that is no JSON object gives undefined, and one without spans is an empty request', () => {
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

suite('a large text, which is read a piece at a time', () => {
  const span = (index: number, extra = ''): string =>
    `{"traceId":"${'1'.repeat(32)}","spanId":"${String(index + 1).padStart(16, '0')}","startTimeUnixNano":"5","endTimeUnixNano":7,"name":"a ] } \\" [ {"${extra}}`;
  const document = (spans: readonly string[], head = ''): string =>
    `{${head}"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[${spans.slice(1).join(',')}]},{"scope":{"name":"s"},"spans":[${spans[0]}]}]},{},5]}`;
  test('gives the same spans', () => {
    const text = document(Array.from({ length: 3000 }, (_, index) => span(index)));
    assert.ok(text.length > 300_000);
    assert.deepEqual(decodeOTLPProtobuf(otlpFromJSON(text)!), decodeOTLP(text));
  });
  test('with long numbers as numbers, too', () => {
    const text = document(
      Array.from({ length: 2000 }, (_, index) => span(index, ',"startTimeUnixNano":1795478400000000123')),
    );
    const decoded = decodeOTLPProtobuf(otlpFromJSON(text)!)!;
    assert.equal(decoded.spans.length, 2000);
    assert.ok(decoded.spans.every(({ start }) => start === 1795478400000000123n));
  });
  test('is undefined where it is cut off, or something else', () => {
    const text = document(Array.from({ length: 3000 }, (_, index) => span(index)));
    for (const cut of [
      text.slice(0, -1),
      text.slice(0, 200_000),
      `${text}x`,
      `[${text}]`,
      text.replace('"name"', 'name'),
    ]) {
      assert.equal(otlpFromJSON(cut), undefined, cut.slice(-20));
    }
  });
  test('is undefined where any list is not JSON, also one that does not count', () => {
    const spans = Array.from({ length: 700 }, (_, index) => span(index));
    const [text, list] = [document(spans), `[{"scopeSpans":[{"spans":[${spans.join(',')},]}]}]`];
    for (const broken of [
      document(spans, `"resourceSpans":${list},`),
      document(spans, `"more":{"resourceSpans":${list}},`),
      text.replace('"spans":[', '"spans":[{},,{}],"spans":['),
      text.replace(',{},5]', `,{},{"x":"${'x'.repeat(70_000)}"},]`),
    ]) {
      assert.equal(otlpFromJSON(broken), undefined, broken.slice(0, 60));
      assert.equal(decodeOTLP(broken), undefined, broken.slice(0, 60));
    }
  });
  test('is the same with its keys escaped, and with lists beside it', () => {
    const text = document(Array.from({ length: 3000 }, (_, index) => span(index)));
    const wanted = decodeOTLP(text);
    for (const same of [
      text.replaceAll('"spans"', '"sp\\u0061ns"').replace('"resourceSpans"', '"\\u0072esourceSpans"'),
      text.replace('{', '{"resourceSpans":[{"scopeSpans":[]},7],"more":{"resourceSpans":["x"]},'),
    ]) {
      assert.deepEqual(decodeOTLPProtobuf(otlpFromJSON(same)!), wanted, same.slice(0, 60));
      assert.deepEqual(decodeOTLP(same), wanted, same.slice(0, 60));
    }
  });
  test('with more around its spans, or in one of them, than is taken at once is refused', () => {
    const spans = Array.from({ length: 10 }, (_, index) => span(index));
    assert.throws(() => otlpFromJSON(document(spans, `"x":"${'x'.repeat(300_000)}",`)), JSONTooLarge);
    assert.throws(() => otlpFromJSON(document([span(0, `,"x":"${'x'.repeat(1_200_000)}"`)])), JSONTooLarge);
    assert.throws(() => otlpFromJSON(document([span(0, `,"x":[${'{},'.repeat(60_000)}{}]`)])), JSONTooLarge);
  });
});
