import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns, type Steps } from '../../../src/store/turns.ts';

/** Works for this many milliseconds of the processor, one at a time, and notes when it has ended. */
function* work(name: string, millis: number, ended: string[]): Steps<string> {
  for (let step = 0; step < millis; step++) {
    const end = performance.now() + 1;
    while (performance.now() < end);
    yield;
  }
  ended.push(name);
  return name;
}

test('turns: short work is done first, whatever started before it', async () => {
  const turns = new Turns();
  const ended: string[] = [];
  const long = Array.from({ length: 5 }, (_, index) => turns.run(work(`long ${index}`, 60, ended)));
  const short = turns.run(work('short', 3, ended));
  assert.equal(await short, 'short');
  await Promise.all(long);
  assert.equal(ended[0], 'short');
});

test('turns: all other work continues meanwhile', async () => {
  const turns = new Turns();
  let others = 0;
  const count = (): void => {
    others++;
    timer = setImmediate(count);
  };
  let timer = setImmediate(count);
  await turns.run(work('long', 100, []));
  clearImmediate(timer);
  assert.ok(others >= 5, String(others));
});

test('turns: failed or cancelled work does not affect other work', async () => {
  const turns = new Turns();
  const gone = new AbortController();
  const other = turns.run(work('other', 20, []));
  const failing = turns.run(
    (function* (): Steps<never> {
      yield;
      throw new Error('failed');
    })(),
  );
  const unwanted = turns.run(work('unwanted', 1000, []), { signal: gone.signal });
  gone.abort();
  await assert.rejects(failing, /failed/);
  await assert.rejects(unwanted, { name: 'AbortError' });
  assert.equal(await other, 'other');
});
