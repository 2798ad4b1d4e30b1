import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fromLog } from '../../../src/commands/show/from-log.ts';
import { readDocument } from '../../../src/report/document/report.ts';
import { toJSON } from '../../../src/report/json.ts';
import { periodOf } from '../../support/audit-log.ts';
import { parseDocument, type Document, type JSONSpan } from '../../support/schema.ts';
import { minorOf } from '../cluster/versions.ts';
import { MUTATING, SLOW_MILLIS } from '../metrics/stories.ts';
import { readRecordedLogs, type LoggedStory } from './fixture.ts';

const MILLISECOND = 1_000_000;

function shown({ document }: LoggedStory, log: string): Document {
  const err = { write: () => undefined };
  const report = readDocument(JSON.parse(JSON.stringify(document)));
  return parseDocument(
    JSON.stringify(toJSON(fromLog(report, { bytes: Buffer.from(log), name: 'log', kind: 'apiserver-log' }, { err }))),
  );
}

const rowsOf = ({ trace }: Document): readonly JSONSpan[] =>
  trace?.spans.filter(({ source }) => source === 'log') ?? [];
const startOf = ({ trace }: Document, { startOffsetNanos, original }: JSONSpan): bigint =>
  BigInt(original?.startUnixNano ?? BigInt(trace?.startUnixNano ?? 0) + BigInt(startOffsetNanos));

for (const { kubernetes, format, requests, log } of readRecordedLogs()) {
  suite(`the log of a real API server of ${kubernetes}, as ${format}`, () => {
    for (const story of requests) {
      test(`${story.story}: arrival and total of the audit event, every row within the one above it`, () => {
        const document = shown(story, log);
        const { lookup, priorityLevel } = document.requests.at(-1) ?? {};
        assert.deepEqual([lookup?.verdict, lookup?.foundBy], ['measured', 'apiserver-log']);
        assert.equal(priorityLevel, 'global-default');
        const [root, ...rows] = rowsOf(document);
        assert.ok(root !== undefined);
        const { start, end } = periodOf(story.audit);
        assert.ok(Math.abs(root.durationNanos - Number(end - start)) <= MILLISECOND, String(root.durationNanos));
        assert.ok(Math.abs(Number(startOf(document, root) - start)) <= MILLISECOND);
        assert.equal(root.precision, 'exact');
        const byID = new Map([root, ...rows].map((row) => [row.spanID, row]));
        for (const row of rows) {
          const above = byID.get(row.parentSpanID ?? '');
          assert.ok(above !== undefined && row.startOffsetNanos >= above.startOffsetNanos, row.name);
          const ends = [row, above].map((one) => one.startOffsetNanos + one.durationNanos);
          assert.ok(ends[0]! <= ends[1]!, row.name);
        }
        // Handlers of less than 500 ms leave no block.
        const isSlow = end - start > 500n * 1_000_000n;
        assert.equal(rows.filter(({ precision }) => precision === 'exact').length > 0, isSlow);
        if (!isSlow)
          assert.deepEqual(
            rows.map(({ name }) => name),
            ['apiserver, webhooks, etcd (inferred)'],
          );
      });
    }

    test('a slow webhook is named, with its share', () => {
      const create = requests.find(({ story }) => story === 'create');
      assert.ok(create !== undefined);
      const document = shown(create, log);
      const call = rowsOf(document).find(({ name }) => name === 'Call mutating webhook');
      assert.equal(call?.attributes?.['webhook'], MUTATING);
      const [finding] = document.summary?.findings ?? [];
      assert.equal(finding?.id, 'slow-webhook');
      assert.deepEqual(finding.spanIDs, [call.spanID]);
      const waited = rowsOf(document).find(({ name }) => name === 'until: Request completed');
      assert.equal(waited?.component, 'webhook');
      assert.ok(waited.durationNanos >= SLOW_MILLIS * MILLISECOND);
    });

    test('the conversion of a custom resource shows below the read of its object', () => {
      const conversion = requests.find(({ story }) => story === 'conversion');
      assert.ok(conversion !== undefined);
      const names = rowsOf(shown(conversion, log)).map(({ name }) => name);
      // The steps of a read have a mark for decoding in later versions.
      const read = minorOf(kubernetes) <= 32 ? ['cacher.Get'] : ['Get etcd3', 'until: Decode succeeded'];
      assert.deepEqual(names.slice(1), ['Get', ...read]);
    });
  });
}
