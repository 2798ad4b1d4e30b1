import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import stringWidth from 'string-width';
import { ASCII, UNICODE } from '../../../src/render/look.ts';
import { drawPodScreen } from '../../../src/render/pod/screen.ts';
import { recordedPods } from '../../support/recorded-pods.ts';

/**
 * What a terminal shows of pods on a real node, to be read by people. After a change on purpose:
 * `node --test --test-update-snapshots test/unit/pod/golden.test.ts`, then read the difference.
 */
const STORIES = [
  'absent-image',
  'broken-network',
  'crash-loop',
  'dead-kubelet',
  'finalizer',
  'missing-config-map',
  'ready',
  'unschedulable-taint',
  'webhook',
];

const LOOKS = [
  ...STORIES.flatMap((story) => [80, 120].map((columns) => ({ story, columns, ending: 'txt', glyphs: UNICODE }))),
  { story: 'absent-image', columns: 80, ending: 'ascii.txt', glyphs: ASCII },
];

for (const { story, columns, ending, glyphs } of LOOKS) {
  test(`${story} in ${columns} columns, ${ending}`, async (t) => {
    const screen = drawPodScreen(await recordedPods(story, 'final'), { columns, colour: false, glyphs }, stringWidth);
    const file = fileURLToPath(new URL(`../../golden/pod-${story}.${columns}.${ending}`, import.meta.url));
    t.assert.fileSnapshot(screen, file, { serializers: [String] });
  });
}
