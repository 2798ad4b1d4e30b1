import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeOTLP } from '../../../../src/codec/otlp/json.ts';
import { Pool } from '../../../../src/codec/pool.ts';
import { fixture } from '../../backend/fixture.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const plain = {
  traceId,
  spanId,
  name: 'x',
  startTimeUnixNano: '1795478400000000123',
  endTimeUnixNano: '1795478400000000456',
};

const inGroups = (...spans: object[]): object => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

function decodeOne(span: object): NonNullable<ReturnType<typeof decodeOTLP>>['spans'][number] {
  const decoded = decodeOTLP(JSON.stringify(inGroups({ ...plain, ...span })));
  assert.equal(decoded?.spans.length, 1);
  return decoded.spans[0]!;
}

test('a recorded response of api_v3 decodes with its nanoseconds', () => {
  const decoded = decodeOTLP(fixture('shop-v3.json'));
  assert.equal(decoded?.dropped, 0);
  assert.deepEqual(decoded.spans[0], {
    traceID: traceId,
    spanID: spanId,
    name: 'GET /cart',
    kind: 'server',
    start: 1795478400000000123n,
    end: 1795478400250000456n,
    status: { code: 'error', message: 'boom' },
    attributes: {
      'audit-id': 'a-1',
      big: 9223372036854775807n,
      small: 5,
      half: 0.5,
      flag: true,
      raw: new Uint8Array([1, 2, 3]),
      // Jaeger's own storage has made text of the list.
      list: '["x",2]',
    },
    events: [{ time: 1795478400100000789n, name: 'cache miss', attributes: { key: 'cart:1' } }],
    links: [
      {
        traceID: '4bf92f3577b34da6a3ce929d0e0e4736',
        spanID: '00f067aa0ba902b7',
        attributes: { 'opentracing.ref_type': 'follows_from' },
      },
    ],
    resource: { service: 'shop', attributes: { 'service.name': 'shop', 'service.instance.id': 'shop-1' } },
    scope: { name: 'example/scope', version: '1.2.3' },
  });
  assert.deepEqual(
    decoded.spans.map(({ kind, parentSpanID, status }) => [kind, parentSpanID, status.code]),
    [
      ['server', undefined, 'error'],
      ['client', spanId, 'ok'],
      ['unspecified', spanId, 'unset'],
    ],
  );
});

test('every container that servers write', () => {
  const spans = [plain];
  const documents: object[] = [
    inGroups(plain),
    { result: inGroups(plain) },
    { trace: inGroups(plain) },
    { batches: [{ scopeSpans: [{ spans }] }] },
    { batches: [{ instrumentationLibrarySpans: [{ instrumentationLibrary: { name: 'old' }, spans }] }] },
  ];
  for (const document of documents) {
    assert.deepEqual(
      decodeOTLP(JSON.stringify(document))?.spans.map((span) => span.spanID),
      [spanId],
    );
  }
  const lines = documents.map((document) => JSON.stringify(document)).join('\n');
  assert.equal(decodeOTLP(`${lines}\n`)?.spans.length, documents.length);
  assert.equal(decodeOTLP(JSON.stringify(documents[4]))?.spans[0]?.scope?.name, 'old');
});

test('an empty response is a valid response', () => {
  for (const empty of [
    '{"trace":{},"metrics":{}}',
    '{"result":{"resourceSpans":[]}}',
    '{"result":{}}',
    '{"batches":[]}',
  ]) {
    assert.deepEqual(decodeOTLP(empty), { spans: [], dropped: 0 });
  }
});

test('what is cut off, or something else, is not decoded', () => {
  const whole = JSON.stringify(inGroups(plain));
  const others = [
    '',
    'null',
    '[]',
    '7',
    '{}',
    '{"data":[]}',
    '<html>',
    whole.slice(0, -3),
    `${whole}\n${whole.slice(0, 9)}`,
  ];
  for (const other of others) assert.equal(decodeOTLP(other), undefined, other);
});

test('IDs in hex of either case and in base64, padded or not', () => {
  const base64 = Buffer.from(traceId, 'hex').toString('base64');
  const spanBase64 = Buffer.from(spanId, 'hex').toString('base64');
  for (const id of [traceId, traceId.toUpperCase(), base64, base64.replace(/=+$/, '')]) {
    assert.equal(decodeOne({ traceId: id }).traceID, traceId);
  }
  for (const id of [spanId, spanId.toUpperCase(), spanBase64, spanBase64.replace(/=+$/, '')]) {
    assert.equal(decodeOne({ spanId: id, parentSpanId: id }).parentSpanID, spanId);
  }
  for (const parentSpanId of ['', '0000000000000000', 'AAAAAAAAAAA=']) {
    assert.equal(decodeOne({ parentSpanId }).parentSpanID, undefined);
  }
});

test('any ID survives both spellings', () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 }).filter((id) => id.some((byte) => byte !== 0));
  fc.assert(
    fc.property(bytes, (id) => {
      const hex = Buffer.from(id).toString('hex');
      for (const encoding of ['hex', 'base64', 'base64url'] as const) {
        assert.equal(decodeOne({ traceId: Buffer.from(id).toString(encoding) }).traceID, hex);
      }
    }),
  );
});

test('kind and status by number and by name', () => {
  assert.equal(decodeOne({ kind: 3 }).kind, 'client');
  assert.equal(decodeOne({ kind: 'SPAN_KIND_PRODUCER' }).kind, 'producer');
  assert.equal(decodeOne({ kind: 99 }).kind, 'unspecified');
  assert.deepEqual(decodeOne({ status: { code: 'STATUS_CODE_ERROR', message: 'm' } }).status, {
    code: 'error',
    message: 'm',
  });
  assert.deepEqual(decodeOne({ status: { code: 1 } }).status, { code: 'ok' });
  assert.deepEqual(decodeOne({ status: {} }).status, { code: 'unset' });
});

test('every form of value', () => {
  const value = (one: unknown): unknown => decodeOne({ attributes: [{ key: 'k', value: one }] }).attributes['k'];
  assert.equal(value({ stringValue: '' }), '');
  assert.equal(value({ boolValue: false }), false);
  assert.equal(value({ intValue: '-7' }), -7);
  assert.equal(value({ intValue: 7 }), 7);
  assert.equal(value({ doubleValue: 'Infinity' }), Infinity);
  assert.equal(value({ doubleValue: 'NaN' }), NaN);
  assert.deepEqual(value({ bytesValue: 'AQI=' }), new Uint8Array([1, 2]));
  assert.deepEqual(value({ arrayValue: { values: [{ stringValue: 'a' }, {}] } }), ['a', null]);
  assert.deepEqual(value({ kvlistValue: { values: [{ key: 'a', value: { intValue: '1' } }] } }), { a: 1 });
  assert.equal(value(undefined), null);
});

test('a value nested without end does not exhaust the stack', () => {
  const depth = 100_000;
  const nested = `${'{"arrayValue":{"values":['.repeat(depth)}{"intValue":"1"}${']}}'.repeat(depth)}`;
  const attributes = `[{"key":"deep","value":${nested}}]`;
  const text = JSON.stringify(inGroups({ ...plain, attributes: 0 })).replace(
    '"attributes":0',
    `"attributes":${attributes}`,
  );
  assert.ok(Array.isArray(decodeOTLP(text)?.spans[0]?.attributes['deep']));
});

/** One number at a time is bare, so that each has to be noticed on its own. */
const bareNumbers = [
  '1795478400000000123',
  '1795478400000000457',
  '1795478400000000125',
  '9007199254740993',
  '9007199254740995',
];
for (const number of bareNumbers) {
  test(`a bare ${number} loses nothing, however often it is read`, () => {
    const attribute = (value: string): object => ({ key: 'large', value: { intValue: value } });
    const span = {
      ...plain,
      startTimeUnixNano: '1795478400000000123',
      endTimeUnixNano: '1795478400000000457',
      attributes: [attribute('9007199254740993')],
      events: [{ timeUnixNano: '1795478400000000125', name: 'e: 1795478400000000999,' }],
    };
    const resource = { attributes: [attribute('9007199254740995')] };
    const quoted = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
    const pool = new Pool();
    for (let times = 0; times < 2; times++) {
      const decoded = decodeOTLP(quoted.replace(`"${number}"`, number), pool)?.spans[0];
      assert.deepEqual(decoded, decodeOTLP(quoted)?.spans[0]);
      assert.equal(decoded?.start, 1795478400000000123n);
      assert.deepEqual(decoded.resource.attributes, { large: 9007199254740995n });
      assert.deepEqual(decoded.events, [
        { time: 1795478400000000125n, name: 'e: 1795478400000000999,', attributes: {} },
      ]);
    }
  });
}

test('a malformed span costs no other', () => {
  const text = JSON.stringify(inGroups(plain, { ...plain, spanId: '' }, { ...plain, endTimeUnixNano: 'x' }, {}, plain));
  const decoded = decodeOTLP(text);
  assert.equal(decoded?.spans.length, 2);
  assert.equal(decoded?.dropped, 3);
});

test('spans of one process share one Resource, also across responses', () => {
  const pool = new Pool();
  const some = decodeOTLP(fixture('create-kept-v3.json'), pool)?.spans ?? [];
  const again = decodeOTLP(fixture('create-kept-v3.json'), pool)?.spans ?? [];
  assert.deepEqual([...new Set(some.map((span) => span.resource.service))].sort(), ['apiserver', 'etcd']);
  assert.equal(new Set([...some, ...again].map((span) => span.resource)).size, 2);
});
