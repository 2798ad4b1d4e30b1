import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryOf } from '../../../../src/commands/history/entry.ts';
import { toJSON } from '../../../../src/report/json.ts';
import { recordedReport, recordedStory } from '../../../support/recorded-report.ts';
import { traceID } from '../../../support/spans.ts';

test('the finding of a command begins with the share and the name of its cause', () => {
  const report = recordedReport(recordedStory(37, 'masters-create'), { command: 'x', objectCount: 1, found: true });
  const { finding } = entryOf(traceID('a'.repeat(32)), JSON.parse(JSON.stringify(toJSON(report))));
  assert.match(finding ?? '', /^\d\d % mutating webhook slow\.mutating\.record\.test, \d+ of \d+ ms$/);
});
