import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { fromLog } from '../../../../src/commands/show/from-log.ts';
import { readDocument } from '../../../../src/report/document/report.ts';
import type { Report } from '../../../../src/report/report.ts';
import { rfc3339, after, nanos } from '../../../../src/trace/time.ts';

const file = new URL('../../../fixtures/screens/get-nodes-without-tracing.json', import.meta.url);
const measured = readDocument(JSON.parse(readFileSync(file, 'utf8')));
const [request] = measured.requests;
const startedAt = measured.command.startTime ?? assert.fail('it began at some time');

/** The same command, of which nothing was found. */
const missing: Report = {
  ...measured,
  exitCode: 5,
  error: { code: 5, reason: 'NoBackend', message: 'the request succeeded, but no trace backend', hint: null },
  requests: measured.requests.map((one) => ({ ...one, lookup: null })),
};

const event = (auditID: string | null | undefined): string =>
  JSON.stringify({
    auditID,
    stage: 'ResponseComplete',
    requestReceivedTimestamp: rfc3339(after(startedAt, nanos(5e6))),
    stageTimestamp: rfc3339(after(startedAt, nanos(7e6))),
  });

function shown(document: Report, log: string): { readonly report: Report; readonly notes: string } {
  const notes: string[] = [];
  const err = { write: (text: string) => void notes.push(text) };
  return {
    report: fromLog(document, { bytes: Buffer.from(log), name: 'audit.log', kind: 'audit-log' }, { err }),
    notes: notes.join(''),
  };
}

suite('an audit log beside a stored command', () => {
  test('has the time of a request whose trace was not found, and there is no error any more', () => {
    const { report, notes } = shown(missing, event(request?.auditID));
    assert.equal(notes, '');
    assert.deepEqual([report.exitCode, report.error, report.verdict], [0, null, 'measured']);
    assert.equal(report.requests[0]?.lookup?.foundBy, 'audit-log');
    const root = report.analysis?.trace.spans.find(({ source }) => source === 'audit');
    assert.equal(root?.duration, 2e6);
    assert.equal(root.parent?.span.spanID, request?.spanID);
  });

  test('leaves the error of a request that failed', () => {
    const error = { code: 1, reason: 'NotFound', message: 'nodes "web" not found', hint: null };
    const { report } = shown({ ...missing, exitCode: 1, error }, event(request?.auditID));
    assert.deepEqual([report.exitCode, report.error, report.verdict], [1, error, 'measured']);
  });

  test('without the request changes nothing, and says so', () => {
    const { report, notes } = shown(missing, event('another'));
    assert.equal(report, missing);
    assert.equal(notes, `note: audit.log has no event with the Audit-ID ${request?.auditID}\n`);
  });

  test('is not used where a trace or the metrics say more', () => {
    const { report, notes } = shown(measured, event(request?.auditID));
    assert.equal(report, measured);
    assert.match(notes, /^note: audit\.log is not used/);
  });
});
