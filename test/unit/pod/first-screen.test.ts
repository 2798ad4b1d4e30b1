import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { UNICODE } from '../../../src/render/look.ts';
import { commandLines } from '../../../src/render/pod/command-lines.ts';
import { drawPodScreen } from '../../../src/render/pod/screen.ts';
import { causeWords } from '../../../src/render/pod/words.ts';
import { readPodDocument } from '../../../src/report/document/pod-report.ts';
import type { PodReport } from '../../../src/report/pod-report.ts';
import { plainWidth } from '../../../src/render/terminal/width.ts';
import { podCases, runPodCase } from '../../support/pod-case.ts';
import { POD_STORIES, recordedPods, truthOf } from '../../support/recorded-pods.ts';

const ROWS = 24;
const COLUMNS = 80;
const LABEL = 13;

const words = (text: string): string => text.replace(/[\s\\]+/g, ' ').trim();

/** The state in the first line; reason, the last error of the log, owner and the first command before a terminal of 24 lines is full. */
function assertConclusionFirst(report: PodReport): void {
  const screen = drawPodScreen(report, { columns: COLUMNS, colour: false, glyphs: UNICODE }, plainWidth);
  const first = screen.split('\n').slice(0, ROWS);
  const text = first.join('\n');
  const { verdict, subject } = report;
  assert.ok(text.startsWith(`${subject.kind}/${subject.name} in `), text);
  if (verdict === null) return;
  const { state, cause } = verdict;
  if (state === 'stuck' || state === 'failed') {
    const headline = words(first.slice(0, first.indexOf('')).join(' '));
    assert.match(headline, /STUCK|CRASH LOOP|UNSCHEDULABLE|PROBE FAILS|FAILED/, text);
    assert.doesNotMatch(headline, /(?:STUCK|FAILED|PROGRESSING) at [A-Z]/, text);
  }
  if (cause === null) return;
  for (const [label, value] of [
    ['reason', UNICODE.text(causeWords(state, cause))],
    ['owner', UNICODE.text(cause.who)],
  ] as const) {
    assert.match(text, new RegExp(`^${label} `, 'm'), text);
    assert.ok(words(text).includes(words(value)), `${label} is cut off: ${value}\n${text}`);
  }
  const log = cause.evidence.filter(({ kind }) => kind === 'log');
  if (log.length > 0) {
    const [, line = ''] = /^log {10}(.*)$/m.exec(text) ?? [];
    assert.ok(
      log.some((item) => UNICODE.text(item.text).startsWith(line.replace(/…$/, '')) && line !== ''),
      `no line of the log:\n${text}`,
    );
  }
  const [next] = cause.next;
  if (next === undefined) return;
  assert.match(text, /^do next /m, text);
  const command = commandLines(UNICODE.text(next.command), COLUMNS - LABEL, plainWidth);
  for (const line of command) assert.ok(text.includes(line), `${line} is not in the first screen:\n${text}`);
}

suite('recorded pods: the first 24 lines have headline, reason, log, owner and the next command', () => {
  for (const story of POD_STORIES) {
    for (const snapshot of Object.keys(truthOf(story).snapshots)) {
      for (const traced of [true, false]) {
        test(`${story}, ${snapshot}${traced ? '' : ', without spans'}`, async () => {
          assertConclusionFirst(await recordedPods(story, snapshot, { traced }));
        });
      }
    }
  }
});

suite('pod cases: the first 24 lines have headline, reason, owner and the next command', () => {
  for (const podCase of podCases()) {
    test(podCase.name, async (t) => {
      const { stdout } = await runPodCase(t, podCase, ['-o', 'json']);
      const { error, ...document } = JSON.parse(stdout) as { error: object | null; pods: readonly unknown[] };
      if (document.pods.length > 0) assertConclusionFirst(readPodDocument({ error, ...document }));
    });
  }
});
