import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJaeger } from '../../../../src/codec/jaeger/jaeger.ts';
import type { Span } from '../../../../src/trace/span.ts';
import { fixture } from '../../backend/fixture.ts';

const traceID = '0af7651916cd43dd8448eb211c80319c';

function decode(spans: readonly object[], processes: object = {}): readonly Span[] {
  const decoded = decodeJaeger({ data: [{ traceID, spans, processes }] });
  assert.ok(decoded);
  return decoded.spans;
}

const raw = (parts: object): object => ({
  traceID,
  spanID: 'a1',
  operationName: 'x',
  startTime: 1,
  duration: 2,
  ...parts,
});
const tag = (key: string, value: unknown, type = 'string'): object => ({ key, type, value });

test('a recorded response of Jaeger decodes to OpenTelemetry’s fields', () => {
  const decoded = decodeJaeger(JSON.parse(fixture('shop-v1.json')));
  assert.equal(decoded?.dropped, 0);
  const [cart, select, work] = decoded.spans;
  assert.deepEqual(cart, {
    traceID,
    spanID: 'b7ad6b7169203331',
    name: 'GET /cart',
    kind: 'server',
    start: 1795478400000000000n,
    end: 1795478400250000000n,
    status: { code: 'error', message: 'boom' },
    attributes: {
      'audit-id': 'a-1',
      big: 9223372036854775807n,
      small: 5,
      half: 0.5,
      flag: true,
      raw: new Uint8Array([1, 2, 3]),
      list: '["x",2]',
    },
    events: [{ time: 1795478400100000000n, name: 'cache miss', attributes: { key: 'cart:1' } }],
    links: [{ traceID: '4bf92f3577b34da6a3ce929d0e0e4736', spanID: '00f067aa0ba902b7', attributes: {} }],
    resource: { service: 'shop', attributes: { 'service.name': 'shop', 'service.instance.id': 'shop-1' } },
    scope: { name: 'example/scope', version: '1.2.3' },
  });
  assert.equal(select?.kind, 'client');
  assert.deepEqual(select.status, { code: 'ok' });
  assert.equal(select.parentSpanID, 'b7ad6b7169203331');
  assert.equal(select.end - select.start, 0n);
  assert.equal(work?.kind, 'unspecified');
});

test('spans of one process share one Resource, also across the traces of a response', () => {
  const decoded = decodeJaeger(JSON.parse(fixture('auth-v1.json')));
  assert.equal(new Set(decoded?.spans.map((span) => span.traceID)).size, 2);
  assert.equal(new Set(decoded?.spans.map((span) => span.resource)).size, 1);
});

test('the parent is the first CHILD_OF of the same trace; everything else is a link', () => {
  const other = '4bf92f3577b34da6a3ce929d0e0e4736';
  const [span] = decode([
    raw({
      references: [
        { refType: 'FOLLOWS_FROM', traceID, spanID: 'c1' },
        { refType: 'CHILD_OF', traceID: other, spanID: 'c2' },
        { refType: 'CHILD_OF', traceID, spanID: 'c3' },
      ],
    }),
  ]);
  assert.equal(span?.parentSpanID, '00000000000000c3');
  assert.deepEqual(
    span.links.map((link) => link.spanID),
    ['00000000000000c1', '00000000000000c2'],
  );
});

test('without a CHILD_OF, only the first reference can be the parent', () => {
  const other = '4bf92f3577b34da6a3ce929d0e0e4736';
  const follows = (trace: string, spanID: string): object => ({ refType: 'FOLLOWS_FROM', traceID: trace, spanID });
  const [toParent, root] = decode([
    raw({ references: [follows(traceID, 'c1')] }),
    raw({ references: [follows(other, 'c1'), follows(traceID, 'c2')] }),
  ]);
  assert.equal(toParent?.parentSpanID, '00000000000000c1');
  assert.deepEqual(toParent.links, []);
  assert.equal(root?.parentSpanID, undefined);
  assert.equal(root?.links.length, 2);
});

test('every spelling of the status', () => {
  const status = (...tags: object[]): unknown => decode([raw({ tags })])[0]?.status.code;
  assert.equal(status(), 'unset');
  assert.equal(status(tag('otel.status_code', 'ERROR'), tag('error', true, 'bool')), 'error');
  assert.equal(status(tag('otel.status_code', 'OK')), 'ok');
  assert.equal(status(tag('error', true, 'bool')), 'error');
  assert.equal(status(tag('error', 'true')), 'error');
  assert.equal(status(tag('error', 'false')), 'ok');
  assert.equal(status(tag('error', 'unset')), 'unset');
  assert.deepEqual(decode([raw({ tags: [tag('error', false, 'bool')] })])[0]?.attributes, { error: false });
});

test('integers, doubles and bytes; scopes of older libraries; noise is dropped', () => {
  const [span] = decode([
    raw({
      tags: [
        tag('exact', 9007199254740991, 'int64'),
        tag('text', '42', 'int64'),
        tag('large', '9007199254740993', 'int64'),
        tag('not-a-number', 'NaN', 'float64'),
        tag('bytes', '/+8=', 'binary'),
        tag('otel.library.name', 'lib'),
        tag('otel.library.version', '2'),
        tag('internal.span.format', 'proto'),
        tag('w3c.tracestate', 'a=b'),
        tag('__proto__', 'polluted'),
      ],
    }),
  ]);
  assert.deepEqual(Object.entries(span?.attributes ?? {}), [
    ['exact', 9007199254740991],
    ['text', 42],
    ['large', 9007199254740993n],
    ['not-a-number', NaN],
    ['bytes', new Uint8Array([255, 239])],
    ['__proto__', 'polluted'],
  ]);
  assert.deepEqual(span?.scope, { name: 'lib', version: '2' });
});

test('an event is named by "event", in old spans by "message"', () => {
  const [span] = decode([
    raw({
      logs: [
        { timestamp: 5, fields: [tag('event', 'sent'), tag('message', 'kept')] },
        { timestamp: 6, fields: [tag('message', 'hello')] },
        { timestamp: 7, fields: [tag('size', 3, 'int64')] },
      ],
    }),
  ]);
  assert.deepEqual(span?.events, [
    { time: 5000n, name: 'sent', attributes: { message: 'kept' } },
    { time: 6000n, name: 'hello', attributes: {} },
    { time: 7000n, name: '', attributes: { size: 3 } },
  ]);
});

test('a process without a name, and one that is missing from the response', () => {
  const [nameless, unknown] = decode([raw({ processID: 'p1' }), raw({ processID: 'p2' })], {
    p1: { serviceName: 'OTLPResourceNoServiceName', tags: [tag('host.name', 'h')] },
  });
  assert.deepEqual(nameless?.resource, { service: 'unknown_service', attributes: { 'host.name': 'h' } });
  assert.equal(unknown?.resource.service, 'unknown_service');
});

test('IDs of 64 bits are padded; a malformed span costs no other', () => {
  const decoded = decodeJaeger({
    data: [
      {
        traceID: 'abc',
        spans: [
          { traceID: 'abc', spanID: '1', operationName: 'good', startTime: 1, duration: 0 },
          { traceID: 'abc', spanID: 'zz', operationName: 'bad ID', startTime: 1, duration: 0 },
          { traceID: 'abc', spanID: '2', operationName: 'no time', duration: 0 },
          { traceID: 'abc', spanID: '3', operationName: 'no duration', startTime: 1, duration: 'x' },
          null,
        ],
      },
    ],
  });
  assert.deepEqual(
    decoded?.spans.map(({ traceID: trace, spanID, name }) => [trace, spanID, name]),
    [['00000000000000000000000000000abc', '0000000000000001', 'good']],
  );
  assert.equal(decoded?.dropped, 4);
});

test('what is not of this shape is not decoded', () => {
  for (const document of [undefined, null, 'x', 7, [], {}, { data: {} }, { data: [7] }, { batches: [] }]) {
    assert.equal(decodeJaeger(document), undefined);
  }
  assert.deepEqual(decodeJaeger({ data: null, errors: [] }), { spans: [], dropped: 0 });
});

test('a span without an end has not ended, however Jaeger writes that', () => {
  // 0 less a start of 2026 in microseconds, and 5 µs before the start, in 64 bits without a sign.
  const wrapped = [18_444_948_595_309_551_616n, 18_446_744_073_709_551_611n];
  const durations = [undefined, null, -1, '-5', ...wrapped.map(Number), ...wrapped.map(String)];
  const spans = durations.map((duration, index) => ({
    traceID: 'abc',
    spanID: String(index + 1),
    startTime: 7,
    duration,
  }));
  const decoded = decodeJaeger({ data: [{ traceID: 'abc', spans }] });
  assert.deepEqual(
    decoded?.spans.map(({ start, end }) => [start, end]),
    durations.map(() => [7000n, 0n]),
  );
  assert.equal(decoded?.dropped, 0);
});
