import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { exemplarsOf } from '../../../src/codec/metrics/exemplars.ts';
import { parseTraceID } from '../../../src/trace/ids.ts';
import { measuredVersions } from '../cluster/versions.ts';
import { readRecorded, type Recorded } from './fixture.ts';
import { judge } from './judge.ts';
import { compare, isAbove } from './oracle.ts';
import { rowsOfMetrics } from './rows.ts';
import { stories } from './stories.ts';

const recordings = readRecorded();
const recordingOf = (version: string, name: string): Recorded | undefined =>
  recordings.find(({ kubernetes, story }) => kubernetes === version && story === name);

for (const version of new Set(recordings.map(({ kubernetes }) => kubernetes))) {
  suite(`recorded from Kubernetes ${version} without tracing`, () => {
    for (const story of stories) {
      test(`${story.name}: the rows and times of the server's audit event. ${story.says}`, () => {
        const recorded = recordingOf(version, story.name);
        assert.ok(recorded !== undefined, 'it was not rehearsed: npm run record:metrics');
        const { exitCode, requests, audit, metrics } = recorded;
        const rows = rowsOfMetrics(metrics, recorded);
        const sent = requests.at(-1)!;
        assert.deepEqual(judge({ kubernetes: version, story, exitCode, sent, rows, audit }).faults, []);
        assert.equal(sent.auditID, audit.auditID);
      });
    }
  });
}

suite('a recorded response', () => {
  test('is refused where it is cut off', () => {
    for (const { metrics, traceID } of recordings) {
      const id = parseTraceID(traceID)!;
      assert.ok((exemplarsOf(metrics, id)?.length ?? 0) > 0);
      assert.equal(exemplarsOf(metrics.subarray(0, -1), id), undefined);
    }
  });

  test('has other series than those of the request, which are no rows of it', () => {
    for (const { metrics, traceID, requests } of recordings) {
      const other = { traceID: traceID.replace(/^./, (digit) => (digit === 'f' ? '0' : 'f')), requests };
      assert.deepEqual(rowsOfMetrics(metrics, other), []);
      assert.ok(metrics.includes('etcd_request_duration_seconds'));
    }
  });
});

suite('the oracle finds', () => {
  const recorded = recordingOf(measuredVersions[0]!, 'create')!;
  const rows = rowsOfMetrics(recorded.metrics, recorded);
  const above = (changed: typeof rows, audit = recorded.audit): readonly string[] =>
    compare(measuredVersions[0]!, changed, audit)
      .filter(isAbove)
      .map(({ what }) => what);
  const changed = (name: string, by: number): typeof rows =>
    rows.map((row) => (row.name.startsWith(name) ? { ...row, durationNanos: row.durationNanos + by } : row));

  test('nothing in what was recorded', () => assert.deepEqual(above(rows), []));
  test('a webhook that is 1.2 ms too long', () =>
    assert.deepEqual(above(changed('Call mutating webhook', 1.2e6)), ['mutating']));
  test('a queue that is a microsecond too long', () =>
    assert.deepEqual(above(changed('queue of priority level', 1000)), ['queue']));
  test('a queue without a row', () =>
    assert.deepEqual(above(rows.filter(({ name }) => !name.startsWith('queue'))), ['queue']));
  test('an event without its annotations', () =>
    assert.deepEqual(above(rows, { ...recorded.audit, annotations: {} }), [
      'mutating',
      'validating',
      'queue',
      'authorization',
    ]));
  test('an authentication that is longer than its bound', () =>
    assert.deepEqual(above(changed('authentication (at most)', -1e9)), ['authentication']));
  test('an arrival that is 2 ms off', () =>
    assert.deepEqual(above(rows.map((row, index) => (index === 0 ? { ...row, start: row.start + 2_000_000n } : row))), [
      'arrival',
    ]));
  test('a request without rows', () => assert.deepEqual(above([]), ['arrival']));
});
