import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { decodeZipkin } from '../../../../src/codec/zipkin/zipkin.ts';
import type { Span } from '../../../../src/trace/span.ts';

/** An answer as Zipkin 3.6.1 gave it, of spans that a Collector's translator 0.140.1 had sent. */
const answer = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/zipkin/${name}`, import.meta.url), 'utf8'));

function spansOf(document: unknown): readonly Span[] {
  const decoded = decodeZipkin(document);
  assert.equal(decoded?.dropped, 0);
  return decoded.spans;
}

const one = (parts: object): Span =>
  spansOf([{ traceId: 'a1', id: '1', name: 'x', timestamp: 1, duration: 1, ...parts }])[0]!;

test('what OpenTelemetry put into a span comes out again, as far as Zipkin stores it', () => {
  const [server, handler, call] = spansOf(answer('trace.json'));
  assert.deepEqual(server, {
    traceID: '0af7651916cd43dd8448eb211c80319c',
    spanID: '00f067aa0ba902b7',
    name: 'GET /api/v1/nodes/{:name}',
    kind: 'server',
    start: 1_795_478_400_000_000_000n,
    end: 1_795_478_400_002_500_000n,
    status: { code: 'error', message: 'boom' },
    attributes: {
      'audit-id': 'audit-1',
      bytes: 'AQID',
      flag: 'true',
      half: '0.5',
      'http.response.status_code': '500',
      large: '9223372036854775807',
      list: '["a",1]',
      nothing: 'json: unsupported value: NaN',
    },
    events: [
      { time: 1_795_478_400_000_002_000n, name: 'plain', attributes: {} },
      { time: 1_795_478_400_000_002_000n, name: 'sent', attributes: { size: 3 } },
    ],
    links: [{ traceID: 'f'.repeat(32), spanID: 'e'.repeat(16), attributes: { why: 'public endpoint' } }],
    resource: {
      service: 'apiserver',
      attributes: { 'service.name': 'apiserver', 'service.instance.id': 'apiserver-1' },
    },
    scope: { name: 'k8s.io/apiserver', version: '1.37.2' },
  });
  assert.deepEqual([handler?.name, handler?.kind, handler?.parentSpanID], ['Get', 'internal', '00f067aa0ba902b7']);
  assert.equal(handler?.end, 1_795_478_400_000_001_000n, 'less than a microsecond is one');
  assert.equal(handler?.resource, server?.resource, 'spans of a process share its resource');
  assert.deepEqual([call?.name, call?.kind, call?.status], ['etcdserverpb.KV/Range', 'client', { code: 'ok' }]);
});

test('a 64-bit ID comes without its leading zeros', () => {
  const [span] = spansOf(answer('trace-64-bit.json'));
  assert.equal(span?.traceID, '00000000000000001c80319c0af76519');
  assert.equal(span?.kind, 'consumer');
});

test('a search is a list of traces', () => {
  assert.equal(spansOf(answer('search.json')).length, 3);
  assert.deepEqual(spansOf(answer('search-none.json')), []);
});

suite('a name that Kubernetes knows by its case', () => {
  for (const [lowerCase, tags, wanted, service = 'apiserver'] of [
    ['list(recursive=true) etcd3', {}, 'List(recursive=true) etcd3'],
    ['cacher.getlist', {}, 'cacher.GetList'],
    ['authentication', {}, 'authentication'],
    ['delete', {}, 'Delete'],
    ['delete', { 'http.request.method': 'DELETE' }, 'DELETE'],
    ['http post', { 'http.method': 'POST' }, 'HTTP POST'],
    ['delete /api/v1/x', {}, 'DELETE /api/v1/x'],
    ['etcdserverpb.kv/txn', { 'rpc.method': 'etcdserverpb.KV/Txn' }, 'etcdserverpb.KV/Txn'],
    ['etcdserverpb.kv/txn', {}, 'etcdserverpb.kv/txn'],
    ['create', {}, 'create', 'shop'],
  ] as const) {
    test(`${service} ${lowerCase} ${JSON.stringify(tags)}`, () => {
      assert.equal(one({ name: lowerCase, tags, localEndpoint: { serviceName: service } }).name, wanted);
    });
  }
});

test('the status of those who write none: a tag "error" is one, whatever it says', () => {
  assert.deepEqual(one({ tags: { error: '' } }).status, { code: 'error' });
  assert.deepEqual(one({ tags: { error: 'timeout' } }).status, { code: 'error', message: 'timeout' });
  assert.deepEqual(one({ tags: { error: 'false' } }).status, { code: 'unset' });
  assert.deepEqual(one({}).status, { code: 'unset' });
});

test('client and server that share an ID are both there', () => {
  const shared = { traceId: 'a1', id: '1', name: 'x', timestamp: 1, duration: 1 };
  const spans = spansOf([
    { ...shared, kind: 'CLIENT' },
    { ...shared, kind: 'SERVER', shared: true },
  ]);
  assert.deepEqual(
    spans.map(({ spanID, kind }) => [spanID, kind]),
    [
      ['0000000000000001', 'client'],
      ['0000000000000001', 'server'],
    ],
  );
});

test('a span without a duration has not ended; what has no ID or no beginning is left out and counted', () => {
  const { timestamp: _, ...timeless } = { traceId: 'a1', id: '1', timestamp: 1 };
  const decoded = decodeZipkin([
    { traceId: 'a1', id: '1', timestamp: 5 },
    { traceId: 'xyz', id: '1', timestamp: 5 },
    { traceId: 'a1', id: '0', timestamp: 5 },
    { traceId: 'a1', id: '1', timestamp: 5, duration: -1 },
    { traceId: 'a1', id: '1', timestamp: 0.5 },
    timeless,
  ]);
  assert.equal(decoded?.dropped, 4);
  assert.deepEqual(
    decoded.spans.map(({ start, end, name }) => [start, end, name]),
    [
      [5000n, 0n, ''],
      [5000n, 0n, ''],
    ],
  );
});

test('strange tags, annotations and links do no harm', () => {
  const span = one({
    tags: { 'otlp.link.0': 'a|b', 'otlp.link.1': 'a1|1||{}|0', ['__proto__']: 'x' },
    annotations: [{ timestamp: 2, value: 'a|b|c' }, { value: 'no time' }, 'text', { timestamp: 3, value: 'n|{bad|0' }],
  });
  assert.deepEqual(span.links, [{ traceID: `${'0'.repeat(30)}a1`, spanID: '0000000000000001', attributes: {} }]);
  assert.equal(span.attributes['otlp.link.0'], 'a|b');
  assert.deepEqual(
    span.events.map(({ name }) => name),
    ['a|b|c', 'n|{bad|0'],
  );
});

test('documents of other formats are not Zipkin’s spans', () => {
  for (const document of [undefined, null, {}, { data: [] }, [1], [{}], [[{ id: '1' }]]]) {
    assert.equal(decodeZipkin(document), undefined);
  }
});

suite('v1', () => {
  const endpoint = (serviceName: string): object => ({ serviceName, ipv4: '10.0.0.1', port: 80 });
  const at = (timestamp: number, value: string, service: string): object => ({
    timestamp,
    value,
    endpoint: endpoint(service),
  });
  const tag = (key: string, value: unknown, service: string): object => ({ key, value, endpoint: endpoint(service) });
  const v1 = { traceId: 'a1', id: '2', parentId: '1', name: 'get' };
  const read = (parts: object): readonly (readonly unknown[])[] =>
    spansOf([{ ...v1, ...parts }]).map(({ kind, resource, start, end, attributes, events }) => [
      kind,
      resource.service,
      start,
      end,
      attributes,
      events.map(({ name }) => name),
    ]);

  test('a client: its annotations are its times, and its tags are tags', () => {
    assert.deepEqual(
      read({
        annotations: [at(5, 'cs', 'web'), at(7, 'retry', 'web'), at(9, 'cr', 'web')],
        binaryAnnotations: [tag('http.path', '/x', 'web'), tag('sa', true, 'db'), tag('count', 3, 'web')],
      }),
      [['client', 'web', 5000n, 9000n, { 'http.path': '/x', count: '3' }, ['retry']]],
    );
  });
  test('times of the span count more than those of its annotations', () => {
    assert.deepEqual(read({ timestamp: 4, duration: 7, annotations: [at(5, 'sr', 'api'), at(9, 'ss', 'api')] }), [
      ['server', 'api', 4000n, 11_000n, {}, []],
    ]);
  });
  test('client and server in one span are two', () => {
    assert.deepEqual(
      read({
        timestamp: 5,
        duration: 10,
        annotations: [at(5, 'cs', 'web'), at(7, 'sr', 'api'), at(9, 'ss', 'api'), at(15, 'cr', 'web')],
        binaryAnnotations: [tag('a', '1', 'web'), tag('b', '2', 'api')],
      }),
      [
        ['client', 'web', 5000n, 15_000n, { a: '1' }, []],
        ['server', 'api', 7000n, 9000n, { b: '2' }, []],
      ],
    );
  });
  test('a process that calls itself loses nothing', () => {
    const [client, server, ...others] = read({
      annotations: [at(5, 'cs', 'web'), at(6, 'sr', 'web'), at(8, 'ss', 'web'), at(9, 'cr', 'web')],
      binaryAnnotations: [tag('a', '1', 'web')],
    });
    assert.deepEqual(client, ['client', 'web', 5000n, 9000n, { a: '1' }, []]);
    assert.deepEqual(server, ['server', 'web', 6000n, 8000n, {}, []]);
    assert.deepEqual(others, []);
  });
  test('what never ended has no end, and what began nowhere is left out', () => {
    assert.deepEqual(read({ annotations: [at(5, 'sr', 'api')] }), [['server', 'api', 5000n, 0n, {}, []]]);
    assert.deepEqual(read({ annotations: [at(9, 'cs', 'api'), at(5, 'cr', 'api')] }), [
      ['client', 'api', 9000n, 0n, {}, []],
    ]);
    const decoded = decodeZipkin([{ ...v1, annotations: [{ value: 'ss', timestamp: 'x', endpoint: {} }] }]);
    assert.deepEqual([decoded?.spans.length, decoded?.dropped], [0, 1]);
  });
  test('messages through a broker', () => {
    assert.deepEqual(read({ annotations: [at(5, 'ms', 'web'), at(6, 'ws', 'web')] }), [
      ['producer', 'web', 5000n, 6000n, {}, []],
    ]);
    assert.deepEqual(read({ annotations: [at(8, 'mr', 'worker')] }), [['consumer', 'worker', 8000n, 0n, {}, []]]);
  });
  test('local work belongs to the process that wrote it', () => {
    assert.deepEqual(
      read({ timestamp: 3, duration: 2, binaryAnnotations: [tag('lc', '', 'web'), tag('k', 'v', 'web')] }),
      [['unspecified', 'web', 3000n, 5000n, { k: 'v' }, []]],
    );
    assert.deepEqual(read({ annotations: [at(7, 'x', 'web'), at(4, 'y', 'web')] }), [
      ['unspecified', 'web', 4000n, 0n, {}, ['x', 'y']],
    ]);
  });
  test('an event of v2 that is called as in v1 stays one', () => {
    const span = one({ kind: 'CLIENT', annotations: [{ timestamp: 2, value: 'ws' }] });
    assert.deepEqual(
      span.events.map(({ name }) => name),
      ['ws'],
    );
  });
});
