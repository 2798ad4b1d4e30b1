import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PodReport } from '../../../src/report/pod-report.ts';
import { POD_STORIES, recordedPods, truthOf, type Replay } from '../../support/recorded-pods.ts';

const wordsOf = ({ verdict }: PodReport): string => `${verdict?.state} at ${verdict?.stage}, ${verdict?.reason}`;
const CLOCK = /^this machine's clock is /;
const clockNotes = ({ verdict }: PodReport): string[] =>
  (verdict?.notes ?? []).map(({ text }) => text).filter((text) => CLOCK.test(text));

/** What real servers and a real node have left, judged on machines whose clocks are wrong. */
for (const story of POD_STORIES) {
  for (const snapshot of Object.keys(truthOf(story).snapshots)) {
    suite(`${story} ${snapshot} is judged as on a machine whose clock is right`, () => {
      const judge = (replay: Replay): Promise<PodReport> => recordedPods(story, snapshot, replay);
      for (const seconds of [65, -65, 21_600, -21_600]) {
        test(`by a clock that is ${seconds} s ahead, with one note`, async () => {
          const right = await judge({});
          const wrong = await judge({ ahead: seconds * 1000 });
          assert.equal(wordsOf(wrong), wordsOf(right));
          assert.equal(wrong.exitCode, right.exitCode);
          assert.equal(wrong.verdict?.since?.at, right.verdict?.since?.at);
          for (const { startedAt, end, verdict } of wrong.lifecycles) {
            assert.ok(end >= startedAt);
            assert.ok(verdict.since === null || verdict.since.at >= startedAt);
          }
          // A Date is told in whole seconds.
          assert.ok(Math.abs(Number(wrong.now - right.now)) <= 1e9);
          assert.equal(clockNotes(wrong).length, 1);
        });
      }

      test('by a clock that is 2 s ahead, without a note', async () => {
        const near = await judge({ ahead: 2000 });
        assert.equal(wordsOf(near), wordsOf(await judge({})));
        assert.deepEqual(clockNotes(near), []);
      });
    });
  }
}
