import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyse } from '../../../../../src/analysis/analyse.ts';
import type { FindingContext } from '../../../../../src/analysis/findings/finding-context.ts';
import type { Finding } from '../../../../../src/analysis/findings/finding.ts';
import { nodesRequest } from '../../../../support/reports.ts';
import { etcdCall, request, served, timeline, type Timed } from '../../../../support/timeline.ts';

const MIB = 1024 * 1024;

const answer = (from: number, to: number, size: number): Timed => ({
  name: 'SerializeObject',
  from,
  to,
  events: [
    ['About to start writing response', from + 1, { size: 1 }],
    ['Write call succeeded', to - 1, { size }],
  ],
});

const cached = (count: number): Timed => ({
  name: 'cacher.GetList',
  from: 30,
  to: 50,
  events: [
    ['Listed items from cache', 40, { count: 9999 }],
    ['Filtered items', 45, { count }],
  ],
});

const list = (below: readonly Timed[]): Timed => ({
  name: 'List',
  from: 20,
  to: 380,
  attributes: { resource: 'configmaps', verb: 'LIST' },
  below,
});

function found(below: readonly Timed[], target: string, context: FindingContext = {}): readonly Finding[] {
  const attributes = { 'http.target': target };
  return analyse(timeline(request(400, [served(10, 390, below, attributes)])), context).findings;
}

const ids = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id);

test('an unpaged list reports its object count and how to request pages', () => {
  const [finding, ...others] = found([list([cached(5000), answer(60, 370, 49 * MIB)])], '/api/v1/configmaps?watch=0');
  assert.deepEqual(others, []);
  assert.equal(finding?.id, 'unpaged-list');
  assert.equal(finding.nanos, 360e6);
  assert.match(finding.title, /was one unpaged list of 5000 configmaps$/);
  assert.match(finding.detail, /all 5000 came in one response, 49 MiB before compression\.$/);
  assert.equal(finding.command, "kubectl trace get --raw '/api/v1/configmaps?watch=0&limit=500'");
});

test('before 1.32 the response write is a sibling of the list, and the handler has the object count', () => {
  const handler: Timed = {
    ...list([]),
    to: 60,
    events: [['Writing http response done', 59, { count: 800 }]],
  };
  const [finding] = found([handler, answer(60, 370, 49 * MIB)], '/api/v1/configmaps');
  assert.equal(finding?.id, 'unpaged-list');
  assert.equal(finding.nanos, 350e6);
  assert.match(finding.title, /list of 800 configmaps/);
});

test('pages, few objects or an unknown query are not an unpaged list', () => {
  const large = answer(60, 370, 49 * MIB);
  assert.deepEqual(ids(found([list([cached(500), large])], '/api/v1/configmaps?limit=500')), ['large-response']);
  assert.deepEqual(ids(found([list([cached(499), large])], '/api/v1/configmaps')), ['large-response']);
  assert.deepEqual(ids(found([list([cached(5000), large])], '')), ['large-response']);
});

test("the client's own query takes precedence over a span attribute", () => {
  const requests = [{ ...nodesRequest, path: '/api/v1/configmaps', query: 'limit=500' }];
  const below = [list([cached(5000), answer(60, 370, 49 * MIB)])];
  assert.deepEqual(ids(found(below, '/api/v1/configmaps', { requests })), ['large-response']);
});

test('a small response with a long write indicates a slow connection', () => {
  const [finding, ...others] = found([list([answer(60, 370, MIB)])], '/api/v1/configmaps');
  assert.deepEqual(others, []);
  assert.equal(finding?.id, 'slow-client');
  assert.equal(finding.nanos, 308e6);
  assert.match(finding.detail, /^1\.0 MiB \(before compression\) took 308 ms to write\./);
});

test('a list not served from the cache has no second finding for its etcd reads', () => {
  const read = etcdCall('etcdserverpb.KV/Range', [40, 300], { from: 41, to: 299 });
  const storage: Timed = {
    name: 'List(recursive=true) etcd3',
    from: 30,
    to: 310,
    attributes: { key: '/configmaps' },
    below: [read],
  };
  const [finding, ...others] = found([list([storage])], '/api/v1/configmaps?resourceVersion=7');
  assert.deepEqual(others, []);
  assert.equal(finding?.id, 'list-from-etcd');
  assert.equal(finding.nanos, 280e6);
  assert.match(finding.title, /was a list of \/configmaps read from etcd, bypassing the watch cache$/);
  assert.equal(finding.command, "kubectl trace get --raw '/api/v1/configmaps?resourceVersion=0'");
});

test('an invalid request path is never put into a command', () => {
  const [finding] = found([list([cached(5000), answer(60, 370, 49 * MIB)])], "/api/v1/x';reboot;'");
  assert.equal(finding?.id, 'unpaged-list');
  assert.equal(finding.command, null);
});
