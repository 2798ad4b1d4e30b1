import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { assembleSpans } from '../../../../src/analysis/assemble/assemble-spans.ts';
import { briefLabelOf, labelOf } from '../../../../src/analysis/kubernetes/label.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import type { SpanEvent } from '../../../../src/trace/span.ts';
import { epochNanos } from '../../../../src/trace/time.ts';
import type { PlacedSpan } from '../../../../src/trace/trace.ts';
import { dirtySpans } from '../../../support/dirty-spans.ts';
import { recordedStories } from '../../../support/recorded.ts';
import { span, type SpanParts } from '../../../support/spans.ts';

const START = 1_795_478_400_000_000_001n;

/** The span below one of the same service, unless it is told otherwise: inside its process. */
function label(parts: SpanParts, above: SpanParts = {}): readonly string[] {
  const parent = span({ id: '1', service: parts.service ?? 'apiserver', ...above });
  const trace = buildTrace(
    [parent, span({ id: '2', parent: '1', ...parts })].map((one) => ({ span: one, source: 'span', inferred: false })),
  );
  return labelOf(trace?.spans[1] as PlacedSpan);
}

const event = (name: string, afterMicros: number, attributes = {}): SpanEvent => ({
  name,
  time: epochNanos(START + BigInt(afterMicros) * 1000n),
  attributes,
});

test('the first span of a process shows the service name', () => {
  assert.deepEqual(label({ name: 'anything', service: 'scheduler' }, { service: 'apiserver' }), [
    'scheduler  anything',
    'scheduler anything',
  ]);
});

test('a server span shows method and path in both conventions, and a failure status', () => {
  const paths = { 'http.request.method': 'GET', 'url.path': '/api/v1/nodes/absent' };
  const long = ['GET /api/v1/nodes/absent', 'GET …/v1/nodes/absent', 'GET …/nodes/absent', 'GET …/absent', 'GET'];
  assert.deepEqual(label({ kind: 'server', attributes: paths }), long);
  assert.deepEqual(
    label({ kind: 'server', attributes: { 'http.method': 'GET', 'http.target': '/api/v1/nodes/absent?limit=5' } }),
    long,
  );
  assert.equal(
    label({ kind: 'server', attributes: { ...paths, 'http.response.status_code': 404 } })[0],
    'GET /api/v1/nodes/absent 404',
  );
  assert.deepEqual(label({ kind: 'server', name: 'KubernetesAPI' }), ['KubernetesAPI']);
});

test('an outgoing request shows its address without the query', () => {
  assert.deepEqual(
    label({
      kind: 'client',
      name: 'HTTP POST',
      attributes: { 'url.full': 'https://inject.default.svc:443/mutate?timeout=10s' },
    }),
    [
      'HTTP POST https://inject.default.svc:443/mutate',
      'HTTP POST inject.default.svc:443/mutate',
      'HTTP POST …/mutate',
      'HTTP POST',
    ],
  );
  assert.deepEqual(
    label({
      kind: 'client',
      name: 'GET',
      service: 'kubectl-trace',
      attributes: { 'url.full': 'https://10.0.0.1:6443/api/v1/nodes?limit=500' },
    }),
    ['GET /api/v1/nodes', 'GET …/v1/nodes', 'GET …/nodes', 'GET'],
  );
});

test('handler spans show the resource', () => {
  assert.deepEqual(label({ name: 'List', attributes: { resource: 'nodes', subresource: '' } }), ['List nodes', 'List']);
  assert.equal(
    label({ name: 'Update', attributes: { resource: 'pods', subresource: 'status' } })[0],
    'Update pods/status',
  );
  assert.deepEqual(label({ name: 'Get' }), ['Get']);
});

test('a serialization span shows the format and the bytes written', () => {
  const events = [
    event('About to start writing response', 1, { size: 1 }),
    event('Write call succeeded', 2, { size: 3482 }),
  ];
  assert.deepEqual(label({ name: 'SerializeObject', attributes: { mediaType: 'application/json' }, events }), [
    'SerializeObject JSON 3.4 KiB',
    'SerializeObject 3.4 KiB',
    'SerializeObject',
  ]);
  assert.equal(
    label({
      name: 'SerializeObject',
      attributes: { mediaType: 'application/vnd.kubernetes.protobuf;stream=watch' },
    })[0],
    'SerializeObject protobuf',
  );
});

test("a webhook call shows the webhook's name", () => {
  assert.deepEqual(label({ name: 'Call mutating webhook', attributes: { webhook: 'sidecar.example.com' } }), [
    'sidecar.example.com, mutating',
    'sidecar.example.com',
  ]);
  assert.deepEqual(label({ name: 'Call validating webhook' }), ['Call validating webhook']);
});

test('a cache read shows its wait if that is a tenth of it or more', () => {
  const events = (micros: number): SpanEvent[] => [event('Ready', 10), event('watchCache fresh enough', 10 + micros)];
  assert.deepEqual(label({ name: 'cacher.GetList', events: events(4640) }), [
    'cacher.GetList (4.64 ms wait for cache)',
    'cacher.GetList',
  ]);
  assert.deepEqual(label({ name: 'cacher.GetList', events: events(90) }), ['cacher.GetList']);
});

test('a storage span shows the key and the number of conflicts', () => {
  const attributes = { key: '/configmaps/default/web' };
  assert.deepEqual(label({ name: 'Create etcd3', attributes }), [
    'Create etcd3 /configmaps/default/web',
    'Create etcd3',
  ]);
  assert.deepEqual(
    label({
      name: 'GuaranteedUpdate etcd3',
      attributes,
      events: [event('Retry value restored', 1), event('Retry value restored', 2)],
    }),
    [
      'GuaranteedUpdate etcd3 /configmaps/default/web (2 conflicts)',
      'GuaranteedUpdate etcd3 (2 conflicts)',
      'GuaranteedUpdate etcd3',
    ],
  );
});

test('an etcd call has a label on the client and on the server side', () => {
  const call = { name: 'etcdserverpb.KV/Range' };
  assert.deepEqual(label({ ...call, kind: 'client' }), [
    'KV/Range, to etcd and back',
    'KV/Range (to etcd)',
    'KV/Range',
  ]);
  assert.deepEqual(label({ ...call, kind: 'server', service: 'etcd' }, { service: 'apiserver' }), [
    'etcd  KV/Range',
    'etcd KV/Range',
  ]);
});

test('an etcd span shows keys, limits and raft time', () => {
  const etcd = { service: 'etcd' };
  assert.deepEqual(label({ ...etcd, name: 'range', attributes: { range_begin: '/registry/minions', limit: 1 } }), [
    'range /registry/minions limit 1',
    'range /registry/minions',
    'range',
  ]);
  assert.equal(
    label({ ...etcd, name: 'range', attributes: { range_begin: '/registry/minions', limit: 0 } })[0],
    'range /registry/minions',
  );
  assert.deepEqual(
    label({
      ...etcd,
      name: 'txn',
      attributes: { success_first_key: '/registry/configmaps/default/web' },
      events: [event('Send raft proposal', 35), event('Receive raft result', 574)],
    }),
    ['txn /registry/configmaps/default/web (raft 539 µs)', 'txn (raft 539 µs)', 'txn'],
  );
  assert.deepEqual(label({ ...etcd, name: 'compact' }), ['compact']);
});

suite('the brief label is the shortest wording', () => {
  const check = (placed: PlacedSpan): void => assert.equal(briefLabelOf(placed), labelOf(placed).at(-1));

  test('for spans of every kind with any attributes', () => {
    const attributes = fc.dictionary(
      fc.constantFrom(
        'url.path',
        'http.target',
        'http.method',
        'url.full',
        'http.response.status_code',
        'key',
        'resource',
      ),
      fc.constantFrom('/api/v1/nodes', 'GET', 'http://a:1/b/c?d', 404, ''),
    );
    fc.assert(
      fc.property(dirtySpans, attributes, fc.boolean(), fc.boolean(), (inputs, some, inferred, isMethod) => {
        const name = isMethod ? { name: 'driver.DriverService/FindNearest' } : {};
        const parts = { attributes: some, ...name };
        const trace = buildTrace(inputs.map((one) => ({ ...one, inferred, span: { ...one.span, ...parts } })));
        for (const placed of trace?.spans ?? []) check(placed);
      }),
    );
  });

  test('for spans reported by real servers', () => {
    for (const { spans } of recordedStories()) {
      for (const placed of assembleSpans(spans)?.spans ?? []) check(placed);
    }
  });
});
