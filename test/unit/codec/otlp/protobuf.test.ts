import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { decodeOTLP } from '../../../../src/codec/otlp/json.ts';
import { decodeOTLPProtobuf } from '../../../../src/codec/otlp/protobuf.ts';
import { bytesField, fixed64Field, message, textField, varintField } from '../../../support/protobuf.ts';

/** Spans of OpenTelemetry's own SDK, which has a writer for each of the two formats. */
function reported(): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'shop', 'service.instance.id': 'shop-1' }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('example/scope', '1.2.3');
  const root = tracer.startSpan(
    'GET /cart ü',
    {
      kind: SpanKind.SERVER,
      root: true,
      startTime: [1_795_478_400, 123],
      attributes: {
        'audit-id': 'a-1',
        small: 5,
        negative: -3,
        'beyond 32 bits': 5_000_000_000,
        'the largest exact': Number.MAX_SAFE_INTEGER,
        half: 0.5,
        flag: true,
        no: false,
        list: ['x', 'y'],
        numbers: [1, 2.5],
        '': 'empty key',
        long: 'ö'.repeat(300),
      },
      links: [
        {
          context: {
            traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
            spanId: '00f067aa0ba902b7',
            traceFlags: TraceFlags.SAMPLED,
          },
          attributes: { why: 'link' },
        },
      ],
    },
    ROOT_CONTEXT,
  );
  root.addEvent('cache miss', { key: 'cart:1' }, [1_795_478_400, 789]);
  root.setStatus({ code: SpanStatusCode.ERROR, message: 'boom' });
  const context = trace.setSpan(ROOT_CONTEXT, root);
  for (const kind of [SpanKind.INTERNAL, SpanKind.CLIENT, SpanKind.PRODUCER, SpanKind.CONSUMER]) {
    const child = tracer.startSpan(`child ${kind}`, { kind, startTime: [1_795_478_400, 200] }, context);
    if (kind === SpanKind.CLIENT) child.setStatus({ code: SpanStatusCode.OK });
    child.end([1_795_478_400, 300]);
  }
  root.end([1_795_478_401, 456]);
  return exporter.getFinishedSpans();
}

suite('OTLP in protobuf', () => {
  const spans = reported();
  const bytes = ProtobufTraceSerializer.serializeRequest(spans)!;

  test('gives the same spans as in JSON, both as the OpenTelemetry SDK writes them', () => {
    const decoded = decodeOTLPProtobuf(bytes);
    assert.equal(decoded?.spans.length, 5);
    assert.deepEqual(decoded, decodeOTLP(Buffer.from(JsonTraceSerializer.serializeRequest(spans)!).toString()));
  });

  test('shares resources and scopes among spans', () => {
    const { spans: all } = decodeOTLPProtobuf(bytes)!;
    assert.equal(new Set(all.map((span) => span.resource)).size, 1);
    assert.equal(new Set(all.map((span) => span.scope)).size, 1);
  });

  test('cut off anywhere, is either malformed or shorter by whole fields, never more', () => {
    for (let size = 0; size < bytes.length; size++) {
      const decoded = decodeOTLPProtobuf(bytes.subarray(0, size));
      assert.ok(decoded === undefined || decoded.spans.length === 0, `${size} bytes`);
    }
  });

  test('never makes the decoder fail otherwise, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        decodeOTLPProtobuf(noise);
      }),
    );
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        decodeOTLPProtobuf(changed);
      }),
    );
  });
});

const traceID = Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex');
const spanID = Buffer.from('b7ad6b7169203331', 'hex');
const times = [fixed64Field(7, 1_795_478_400_000_000_123n), fixed64Field(8, 1_795_478_400_000_000_456n)];
const plain = [bytesField(1, traceID), bytesField(2, spanID), ...times];

const inGroups = (...spans: Buffer[]): Buffer =>
  bytesField(1, bytesField(2, message(...spans.map((span) => bytesField(2, span)))));

const one = (...fields: Buffer[]) => decodeOTLPProtobuf(inGroups(message(...plain, ...fields)))?.spans[0];

const attribute = (value: Buffer): Buffer => bytesField(9, message(textField(1, 'key'), bytesField(2, value)));

suite('a span in protobuf', () => {
  test('without IDs or times is left out and counted', () => {
    const spans = [
      message(...plain),
      message(bytesField(2, spanID), ...times),
      message(bytesField(1, Buffer.alloc(16)), bytesField(2, spanID), ...times),
      message(bytesField(1, traceID), bytesField(2, Buffer.alloc(9, 1)), ...times),
      message(bytesField(1, traceID), bytesField(2, spanID), times[1]!),
    ];
    const decoded = decodeOTLPProtobuf(inGroups(...spans));
    assert.deepEqual([decoded?.spans.length, decoded?.dropped], [1, 4]);
  });

  test('without an end has not ended', () => {
    const decoded = decodeOTLPProtobuf(inGroups(message(bytesField(1, traceID), bytesField(2, spanID), times[0]!)));
    assert.deepEqual(
      decoded?.spans.map(({ end }) => end),
      [0n],
    );
  });

  test('keeps numbers of 64 bits exactly', () => {
    const values = [0n, 1n, 127n, 128n, -1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
    for (const value of values) {
      const decoded = one(attribute(varintField(3, value)))?.attributes['key'];
      assert.equal(
        typeof decoded,
        BigInt(Number(value)) === value && value < 2n ** 53n && value > -(2n ** 53n) ? 'number' : 'bigint',
      );
      assert.equal(BigInt(decoded as number | bigint), value);
    }
  });

  test('may have every kind of value: bytes, lists, maps, none', () => {
    const text = textField(1, 'x');
    const pair = message(textField(1, 'inner'), bytesField(2, varintField(2, 1n)));
    const value = (bytes: Buffer) => one(attribute(bytes))?.attributes['key'];
    assert.deepEqual(value(bytesField(7, Buffer.from([1, 2, 3]))), new Uint8Array([1, 2, 3]));
    assert.deepEqual(value(bytesField(5, message(bytesField(1, text), bytesField(1, Buffer.alloc(0))))), ['x', null]);
    assert.deepEqual(value(bytesField(6, bytesField(1, pair))), { inner: true });
    assert.equal(value(Buffer.alloc(0)), null);
    assert.equal(value(varintField(99, 1n)), null);
  });

  test('may have fields that are not known yet, or another type than they should', () => {
    const unknown = [
      varintField(2047, 1n),
      fixed64Field(1, 1n),
      textField(7, 'a text'),
      bytesField(1000, Buffer.alloc(3)),
    ];
    assert.equal(one(textField(5, 'x'), ...unknown)?.name, 'x');
  });

  test('does not exhaust the stack, however deep its values are', () => {
    let value = textField(1, 'x');
    for (let depth = 0; depth < 6000; depth++) value = bytesField(5, bytesField(1, value));
    assert.ok(one(attribute(value)));
  });

  test('may name what JavaScript treats specially', () => {
    const pair = message(textField(1, '__proto__'), bytesField(2, textField(1, 'x')));
    assert.deepEqual(Object.entries(one(bytesField(9, pair))?.attributes ?? {}), [['__proto__', 'x']]);
  });

  test('is found in the list of 2021, and before its resource', () => {
    const resource = bytesField(1, message(textField(1, 'service.name'), bytesField(2, textField(1, 'shop'))));
    const group = message(bytesField(1000, bytesField(2, message(...plain))), bytesField(1, resource));
    assert.equal(decodeOTLPProtobuf(bytesField(1, group))?.spans[0]?.resource.service, 'shop');
  });
});

test('bytes that are not protobuf give undefined: JSON, a web page, an inner length that leads outside', () => {
  for (const text of ['{"resourceSpans": []}', '<html></html>', '[]', 'hello']) {
    assert.equal(decodeOTLPProtobuf(Buffer.from(text)), undefined, text);
  }
  const outside = Buffer.concat([bytesField(1, Buffer.from([0x12, 0x05, 0x0a])), Buffer.alloc(20)]);
  assert.equal(decodeOTLPProtobuf(outside), undefined);
});
