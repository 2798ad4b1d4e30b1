import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { liveScreen } from '../../../../src/commands/pod/live-screen.ts';
import type { PodReport } from '../../../../src/report/pod-report.ts';
import { recordedPods } from '../../../support/recorded-pods.ts';

interface Drawn {
  readonly written: string[];
  readonly terminal: { isTTY: boolean; columns: number };
  draw(report: PodReport, trouble?: string): void;
  clear(): void;
}

function screenOn(isTTY: boolean, columns = 80, isDumb = false): Drawn {
  const written: string[] = [];
  const terminal = { isTTY, columns, isDumb };
  const out = { write: (part: string) => void written.push(part) };
  const screen = liveScreen({ out, outTerminal: terminal });
  return { written, terminal, draw: (report, trouble) => screen.draw(report, trouble), clear: screen.clear };
}

suite('the live screen', () => {
  test('is one line, overwritten in place, and not written again while it is the same', async () => {
    const [early, final] = [await recordedPods('crash-loop', 'early'), await recordedPods('crash-loop', 'final')];
    const { written, draw, clear } = screenOn(true, 200);
    for (const report of [early, early, final]) draw(report);
    clear();
    assert.deepEqual(written, [
      'pod/web in crash-loop   CRASH LOOP for 8.9 s   not Ready after 14 s   CrashLoop: container web ends with exit code 2, restarted once\u001b[K',
      '\rpod/web in crash-loop   CRASH LOOP for 41 s   not Ready after 47 s   CrashLoop: container web ends with exit code 2, restarted 3 times\u001b[K',
      '\r\u001b[K',
    ]);
  });

  for (const [where, { written, draw, clear }] of [
    ['in a pipe', screenOn(false)],
    ['on a terminal that cannot erase', screenOn(true, 80, true)],
  ] as const) {
    test(`is off ${where}`, async () => {
      draw(await recordedPods('ready', 'final'));
      clear();
      assert.deepEqual(written, []);
    });
  }

  test('leaves the last column free, and room for a ^C before it', async () => {
    const { written, draw } = screenOn(true, 40);
    draw(await recordedPods('crash-loop', 'final'));
    assert.deepEqual(written, ['pod/web in crash-loop   CRASH LOOP f…\u001b[K']);
  });

  test('finds its beginning in a terminal that was made narrower', async () => {
    const { written, terminal, draw } = screenOn(true, 80);
    draw(await recordedPods('crash-loop', 'early'));
    terminal.columns = 40;
    draw(await recordedPods('crash-loop', 'final'));
    assert.equal(written[1], '\u001b[1A\r\u001b[Jpod/web in crash-loop   CRASH LOOP f…\u001b[K');
  });

  test('reports a silent server', async () => {
    const { written, draw } = screenOn(true);
    draw(await recordedPods('ready', 'early'), 'refused');
    assert.deepEqual(written, ['the API server does not respond; trying again\u001b[K']);
  });
});
