import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { watchProgress, type Watched } from '../../../../src/commands/get/watch-progress.ts';
import { nanos } from '../../../../src/trace/time.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const REST = '\u001b[K';
const EVENTS = Buffer.from('{"type":"ADDED"}\n{"type":"MODIFIED"}\n{"type":"DEL');

/** What is written in two seconds, in the first of which two events and a part of the third arrive. */
async function written(watched: Watched, isTTY = true, isDumb = false): Promise<string[]> {
  const texts: string[] = [];
  const clock = new FakeClock();
  const err = { write: (text: string) => void texts.push(text) };
  const progress = watchProgress(watched, { err, errTerminal: { isTTY, columns: 80, isDumb }, clock });
  progress.more(EVENTS);
  await clock.sleep(2500);
  progress.stop();
  return texts;
}

suite('the progress of a watch', () => {
  test('is one line with its changes so far, and is removed at the end', async () => {
    assert.deepEqual(await written({ name: 'pods', end: { events: 3 }, isOfObject: false }), [
      `watching pods, 1 s: 2 of 3 changes; Ctrl-C ends it and shows the trace${REST}`,
      `\rwatching pods, 2 s: 2 of 3 changes; Ctrl-C ends it and shows the trace${REST}`,
      `\r${REST}`,
    ]);
  });

  test('has the time of --for, and does not count an object itself as its change', async () => {
    const [first] = await written({ name: 'pods/web', end: { duration: nanos(10e9) }, isOfObject: true });
    assert.equal(first, `watching pods/web, 1 of 10 s: 1 change; Ctrl-C ends it and shows the trace${REST}`);
  });

  test('is off in a pipe, and on a terminal that cannot erase', async () => {
    const watched: Watched = { name: 'pods', end: { events: 3 }, isOfObject: false };
    assert.deepEqual(await written(watched, false), []);
    assert.deepEqual(await written(watched, true, true), []);
  });
});
