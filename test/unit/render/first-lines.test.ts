import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import stringWidth from 'string-width';
import { UNICODE } from '../../../src/render/look.ts';
import type { ErrorReport, Report } from '../../../src/report/report.ts';
import { drawScreen } from '../../../src/render/terminal/screen.ts';
import { recordedReport, recordedStory } from '../../support/recorded-report.ts';

/*
 * A reader of only the first 24 lines at 80 columns knows the slowest part, its share, and what to do. The truth is that
 * of the recording: its webhook slept for 350 ms, and its requests were refused with these statuses.
 */

const COLUMNS = 80;
const LINES = 24;
const SLEEP_MILLIS = 350;

function firstLines(minor: number, story: string): { readonly text: string; readonly total: number } {
  const report = recordedReport(recordedStory(minor, story), {
    command: 'kubectl trace create -f web.yaml',
    objectCount: null,
    found: true,
  });
  const screen = drawScreen(report, { columns: COLUMNS, colour: false, glyphs: UNICODE }, stringWidth);
  const total = (report.analysis?.trace.duration ?? 0) / 1e6;
  return { text: screen.split('\n').slice(0, LINES).join('\n'), total };
}

suite('the first lines of a create with a slow webhook', () => {
  for (const minor of [29, 31, 33, 35, 37]) {
    // Up to 1.32 the server accepts the trace context of no user.
    for (const user of minor < 33 ? ['admin'] : ['masters', 'admin']) {
      test(`as ${user} on Kubernetes 1.${minor}: name, share, and what to do`, () => {
        const { text, total } = firstLines(minor, `${user}-create`);
        const [, share, name, time] = /^▲ (\d+) % mutating webhook (\S+), (\d+) of \d+ ms$/m.exec(text) ?? [];
        assert.equal(name, 'slow.mutating.record.test', text);
        assert.ok(Number(time) >= SLEEP_MILLIS && Number(time) < SLEEP_MILLIS * 1.1, text);
        assert.ok(Math.abs(Number(share) - (SLEEP_MILLIS / total) * 100) < 5, text);
        assert.match(text, /Narrow its rules, or add\s+matchConditions/);
        assert.match(text, /^ {2}kubectl get mutatingwebhookconfiguration mutating\.record\.test -o yaml$/m);
        assert.match(text, /├─ ▲ slow\.mutating/, 'the row is marked without colour');
      });
    }
  }
});

suite('the first lines of a refused request', () => {
  for (const [story, status] of [
    ['masters-conflict', 409],
    ['masters-not-found', 404],
    ['nobody-forbidden', 403],
    ['wrong-token-unauthorized', 401],
  ] as const) {
    test(`${story}: its status and its time`, () => {
      const { text } = firstLines(37, story);
      assert.match(text, new RegExp(`^failed with ${status}\\b.* after \\d[\\d.]* ms$`, 'm'));
      assert.match(text, /✗/);
    });
  }
});

test('the first lines of a fast request: that nothing stands out, and its largest part', () => {
  const { text } = firstLines(37, 'masters-list');
  assert.match(text, /^nothing stands out: \d[\d.]* ms, most of it making the new connection$/m);
});

suite('the first line of a command in which no request was refused', () => {
  const sent = recordedReport(recordedStory(37, 'admin-create'), {
    command: 'kubectl trace create -f web.yaml',
    objectCount: null,
    found: true,
  });
  const firstLine = (report: Report): string =>
    drawScreen(report, { columns: COLUMNS, colour: false, glyphs: UNICODE }, stringWidth).split('\n')[0] ?? '';
  const error = (code: number, message: string): ErrorReport => ({ code, reason: 'Test', message, hint: null });

  test('says what failed, also where a webhook was slow', () => {
    const message = 'no matches for kind "Podd" in version "v1"\nensure CRDs are installed first';
    const failed = { ...sent, exitCode: 1, error: error(1, message) };
    assert.equal(firstLine(failed), 'failed: no matches for kind "Podd" in version "v1"');
  });

  test('says what was slow where only the trace was not found or is incomplete', () => {
    for (const code of [3, 4, 5]) {
      assert.match(firstLine({ ...sent, exitCode: code, error: error(code, 'no trace') }), /^▲ /);
    }
  });

  test('does not call a command of kubectl failed where only its trace was not found', () => {
    const ran = { ...sent.command, verb: 'create', ran: ['kubectl', 'create', '-f', 'web.yaml', '-L', 'app'] };
    const analysis = sent.analysis && { ...sent.analysis, findings: [] };
    const quiet = { ...sent, command: ran, analysis, error: error(5, 'no backend'), exitCode: 5 };
    assert.doesNotMatch(firstLine(quiet), /exit status/);
    assert.match(firstLine({ ...quiet, exitCode: 1, error: error(1, 'refused') }), /^exit status 1 after/);
    const other = { ...ran, verb: 'run', ran: ['helm', 'list'] };
    assert.match(firstLine({ ...quiet, command: other }), /^exit status 5 after/);
  });
});
