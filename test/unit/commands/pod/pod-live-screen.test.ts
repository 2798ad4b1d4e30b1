import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { liveScreen } from '../../../../src/commands/pod/live-screen.ts';
import type { PodReport } from '../../../../src/report/pod-report.ts';

function terminal(
  isTTY: boolean,
  rows = 24,
): { readonly written: string[]; draw(text: string, trouble?: string): Promise<void>; clear(): void } {
  const written: string[] = [];
  let text = '';
  const out = { write: (part: string) => void written.push(part) };
  const screen = liveScreen(async () => text, { out, outTerminal: { isTTY, columns: 80, rows } });
  return {
    written,
    draw: (next, trouble) => {
      text = next;
      return screen.draw({} as PodReport, trouble);
    },
    clear: screen.clear,
  };
}

suite('the live screen', () => {
  test('overwrites the previous frame', async () => {
    const { written, draw, clear } = terminal(true);
    await draw('one\ntwo\n');
    await draw('three\n');
    clear();
    assert.deepEqual(written, ['one\ntwo\n', '\u001b[2A\r\u001b[Jthree\n', '\u001b[1A\r\u001b[J']);
  });

  test('is off in a pipe', async () => {
    const { written, draw, clear } = terminal(false);
    await draw('one\n');
    clear();
    assert.equal(written.join(''), '');
  });

  test('fits the height of the terminal, so that it can be overwritten', async () => {
    const { written, draw } = terminal(true, 10);
    await draw('line\n'.repeat(30));
    assert.equal(written.join('').split('\n').length - 1, 8);
    assert.match(written.join(''), /and 23 more lines\n$/);
  });

  test('overwrites a line that takes several rows of the terminal', async () => {
    const { written, draw } = terminal(true, 10);
    await draw(`one\n\u001b[2m${'x'.repeat(161)}\u001b[22m\n`);
    await draw(`${'line\n'.repeat(6)}${'x'.repeat(161)}\n`);
    assert.deepEqual(written.slice(1), [`\u001b[4A\r\u001b[J${'line\n'.repeat(6)}and 1 more line\n`]);
  });

  test('reports a silent server', async () => {
    const { written, draw } = terminal(true);
    await draw('one\n', 'refused');
    assert.match(written.join(''), /does not respond; trying again/);
  });
});
