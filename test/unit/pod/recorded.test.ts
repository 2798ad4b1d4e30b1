import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { drawPodScreen } from '../../../src/render/pod/screen.ts';
import { UNICODE } from '../../../src/render/look.ts';
import { plainWidth } from '../../../src/render/terminal/width.ts';
import { isReady, POD_STORIES, recordedPods, truthOf } from '../../support/recorded-pods.ts';

/** Verdicts on what real servers and a real node have left, against what was made: test/fixtures/pods/README.md. */
for (const story of POD_STORIES) {
  const { says, snapshots } = truthOf(story);
  suite(`${story}: ${says}`, () => {
    for (const [snapshot, { verdict: truth }] of Object.entries(snapshots)) {
      test(`${snapshot}: ${truth.state} at ${truth.stage}${truth.reason === null ? '' : `, ${truth.reason}`}`, async () => {
        const report = await recordedPods(story, snapshot);
        const { verdict } = report;
        assert.ok(verdict !== null);
        const { state, stage, reason, cause } = verdict;
        // A recorder under load may come too late for what it meant to see: then the object itself says so.
        if (truth.state === 'progressing' && isReady(story, snapshot)) {
          assert.equal(state, 'ready');
          return;
        }
        assert.deepEqual({ state, stage, reason }, { state: truth.state, stage: truth.stage, reason: truth.reason });
        if (truth.waitingFor !== null) assert.deepEqual(cause?.waitingFor, truth.waitingFor);
        if (truth.owner !== null) assert.equal(cause?.owner, truth.owner);
        if (truth.state === 'stuck') assert.equal(cause?.proven, truth.proven);
        const screen = drawPodScreen(report, { columns: 200, colour: false, glyphs: UNICODE }, plainWidth);
        for (const name of truth.names)
          assert.ok(screen.replace(/\s+/g, ' ').includes(name), `${name} is not in:\n${screen}`);
      });
    }
  });
}
