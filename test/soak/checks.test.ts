import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checksOf, type Ended } from './checks.ts';
import { linearFit, Measures, percentile } from './measures.ts';

const MB = 1e6;
const GOOD = { whole: 100, cut: 0, removed: 0, lost: 0 };

/** An hour in which all is well, but for what `change` does to it. */
function ended(change: (measures: Measures) => void, over: Partial<Ended> = {}): Ended {
  const measures = new Measures();
  for (let second = 0; second < 3600; second += 10) {
    measures.memory.push({ life: 2, seconds: second, rss: 200 * MB + (second % 70) * MB });
  }
  measures.exports.push(...Array.from({ length: 1000 }, (_, index) => index / 10));
  change(measures);
  return { measures, compared: GOOD, exitCode: 0, lastLife: 2, isShort: false, ...over };
}

const broken = (story: Ended): string[] =>
  checksOf(story)
    .filter(({ holds }) => !holds)
    .map(({ name }) => name);

const nothing = (): void => {};

suite('what a soak reports', () => {
  test('is nothing where all is well', () => {
    assert.deepEqual(broken(ended(nothing)), []);
  });

  const stories: readonly (readonly [name: string, story: Ended])[] = [
    ['nothing acknowledged is lost', ended(nothing, { compared: { ...GOOD, lost: 1 } })],
    ['nothing acknowledged is lost', ended(nothing, { compared: { ...GOOD, cut: 1 } })],
    [
      'what the bound removes is counted',
      ended((all) => all.noteRemoved(2, 9), { compared: { ...GOOD, removed: 10 } }),
    ],
    ['what was acknowledged survives SIGKILL', ended((all) => all.fault('survives', 'x'))],
    ['what was acknowledged survives a full disk', ended((all) => all.fault('disk', 'x'))],
    ['ordinary exports are accepted', ended((all) => all.fault('accepted', 'x'))],
    ['what was acknowledged can be read', ended((all) => all.fault('reading', 'x'))],
    ['serve ends only on request', ended((all) => all.fault('alive', 'x'))],
    ['serve ends well at the end', ended(nothing, { exitCode: 1 })],
    ['memory stays within 400 MB', ended((all) => all.memory.unshift({ life: 0, seconds: 5, rss: 401 * MB }))],
    [
      'memory does not grow',
      ended((all) => {
        for (const [index, sample] of all.memory.entries()) {
          all.memory[index] = { ...sample, rss: 100 * MB + sample.seconds * 0.03 * MB };
        }
      }),
    ],
    ['p99 of an ordinary export is below 250 ms', ended((all) => all.exports.push(...Array<number>(20).fill(260)))],
  ];
  for (const [name, story] of stories) {
    test(`is that this does not hold: ${name}`, () => {
      assert.deepEqual(broken(story), [name]);
    });
  }

  test('is no trace that the bound removed and that was counted', () => {
    const story = ended((all) => all.noteRemoved(2, 10), { compared: { ...GOOD, removed: 10 } });
    assert.deepEqual(broken(story), []);
  });

  test('is no speed and no trend after a short time', () => {
    const story = ended((all) => all.exports.push(...Array<number>(2000).fill(900)), { isShort: true });
    assert.deepEqual(broken(story), []);
  });
});

test('a line through points', () => {
  assert.deepEqual(
    linearFit([
      [0, 1],
      [1, 3],
      [2, 5],
    ]),
    { start: 1, slope: 2 },
  );
  assert.deepEqual(linearFit([[4, 7]]), { start: 7, slope: 0 });
  assert.equal(
    linearFit([
      [0, 5],
      [10, 4],
      [20, 6],
      [30, 5],
    ]).slope,
    0.02,
  );
});

test('percentiles', () => {
  const values = [5, 1, 4, 2, 3];
  assert.deepEqual(
    [percentile(values, 0), percentile(values, 0.5), percentile(values, 0.99), percentile(values, 1)],
    [1, 3, 5, 5],
  );
  assert.ok(Number.isNaN(percentile([], 0.5)));
});
