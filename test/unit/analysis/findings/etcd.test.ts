import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse } from '../../../../src/analysis/analyse.ts';
import type { Finding } from '../../../../src/analysis/findings/finding.ts';
import { etcdCall, request, served, timeline, type Timed } from '../../../support/timeline.ts';

const found = (below: readonly Timed[]): readonly Finding[] =>
  analyse(timeline(request(400, [served(10, 390, below)]))).findings;

const summary = (findings: readonly Finding[]): (string | number)[][] =>
  findings.map(({ id, nanos, spans: [{ span }] }) => [id, nanos / 1e6, `${span.resource.service} ${span.name}`]);

const RANGE = 'etcdserverpb.KV/Range';
const TXN = 'etcdserverpb.KV/Txn';
const txn = (from: number, to: number): Timed => ({
  name: 'txn',
  from,
  to,
  events: [
    ['Send raft proposal', from + 1],
    ['Receive raft result', to - 1],
  ],
});

test('a call that etcd starts late was on its way: neither etcd nor the API server alone is blamed', () => {
  const call = etcdCall(RANGE, [30, 340], { from: 335, to: 338, below: [{ name: 'range', from: 336, to: 337 }] });
  const findings = found([{ name: 'List', from: 20, to: 380, below: [call] }]);
  assert.deepEqual(summary(findings), [['etcd-not-answering', 305, `apiserver ${RANGE}`]]);
  assert.match(findings[0]?.title ?? '', /was the API server's call on its way to etcd \(inferred\)$/);
  assert.match(
    findings[0]?.detail ?? '',
    /^etcd started to work on KV\/Range 305 ms after the API server started the call, and then took 3\.00 ms\. Until then etcd was .* or the API server was short of CPU\.$/,
  );
});

test('a slow commit is measured from proposal to result', () => {
  const call = etcdCall(TXN, [30, 340], { from: 32, to: 338, below: [txn(33, 337)] });
  assert.deepEqual(summary(found([call])), [['etcd-slow-commit', 302, 'etcd txn']]);
});

test('a slow write is attributed to etcd as a whole if etcd has no spans of its work', () => {
  const [finding] = found([etcdCall(TXN, [30, 340], { from: 32, to: 338 })]);
  assert.equal(finding?.id, 'etcd-slow-commit');
  assert.equal(finding.nanos, 306e6);
  assert.match(finding.title, /was etcd's work on the write$/);
  assert.match(finding.detail, /^Only etcd 3\.7 and later report/);
});

test('slow reads add up etcd’s own work over all calls', () => {
  const one = etcdCall(RANGE, [30, 130], { from: 31, to: 129, below: [{ name: 'range', from: 32, to: 128 }] });
  const two = etcdCall(RANGE, [140, 300], { from: 141, to: 299, below: [{ name: 'range', from: 142, to: 298 }] });
  const findings = found([one, two]);
  assert.deepEqual(summary(findings), [['slow-etcd', 256, `etcd ${RANGE}`]]);
  assert.equal(findings[0]?.spans.length, 2);
  assert.match(findings[0]?.detail ?? '', /^2 etcd calls\.$/);
});

test('without etcd spans, etcd and the network to it are one finding', () => {
  const [finding] = found([etcdCall(RANGE, [30, 340])]);
  assert.equal(finding?.id, 'slow-etcd');
  assert.match(finding.title, /was etcd, or the network between etcd and the API server$/);
  assert.match(finding.detail, /--enable-distributed-tracing/);
});

test('conflicts cost all time up to the last retry', () => {
  const update: Timed = {
    name: 'GuaranteedUpdate etcd3',
    from: 20,
    to: 380,
    attributes: { key: '/configmaps/default/shared' },
    events: [
      ['initial value restored', 30],
      ['Retry value restored', 130],
      ['Retry value restored', 250],
      ['Transaction committed', 270],
    ],
    below: [txn(40, 50)],
  };
  const findings = found([update]);
  assert.deepEqual(summary(findings), [['update-conflicts', 220, 'apiserver GuaranteedUpdate etcd3']]);
  assert.match(findings[0]?.title ?? '', /was retrying after 2 conflicts with other writers$/);
  assert.match(findings[0]?.detail ?? '', /\/configmaps\/default\/shared/);
});

test("a stale watch cache: the request for etcd's revision does not count as waiting", () => {
  const cache: Timed = {
    name: 'cacher.GetList',
    from: 30,
    to: 360,
    attributes: { type: 'nodes' },
    events: [
      ['Ready', 31],
      ['getCurrentRV success', 60],
      ['watchCache fresh enough', 330],
      ['Listed items from cache', 331, { count: 3 }],
    ],
    below: [etcdCall(RANGE, [32, 58], { from: 33, to: 57 })],
  };
  const findings = found([{ name: 'List', from: 20, to: 380, below: [cache] }]);
  assert.deepEqual(summary(findings), [['stale-watch-cache', 274, 'apiserver cacher.GetList']]);
  assert.match(findings[0]?.title ?? '', /was waiting for the watch cache of nodes to catch up with etcd$/);
});

test('only remote keys count as the key management service', () => {
  const transform = (from: number, to: number, remote: boolean): Timed => ({
    name: 'TransformFromStorage with envelopeTransformer',
    from,
    to,
    attributes: { 'transformer.provider.name': 'vault' },
    events: remote
      ? [
          ['About to decrypt DEK using remote service', from + 1],
          ['DEK decryption succeeded', to - 1],
        ]
      : [['About to decrypt data using DEK', from + 1]],
  });
  const findings = found([transform(30, 130, true), transform(140, 240, false)]);
  assert.deepEqual(summary(findings), [['slow-kms', 98, 'apiserver TransformFromStorage with envelopeTransformer']]);
  assert.match(findings[0]?.title ?? '', /\(provider vault\)/);
});
