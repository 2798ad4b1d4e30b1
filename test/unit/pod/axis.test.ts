import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { PodLifecycle } from '../../../src/pod/lifecycle.ts';
import { UNICODE } from '../../../src/render/look.ts';
import { drawPodTree } from '../../../src/render/pod/screen.ts';
import { plainWidth } from '../../../src/render/terminal/width.ts';
import { POD_STORIES, recordedPods, truthOf } from '../../support/recorded-pods.ts';

const linesOf = (lifecycle: PodLifecycle): readonly string[] =>
  drawPodTree(lifecycle, { columns: 100, colour: false, glyphs: UNICODE }, plainWidth).lines;

suite('the axis of a pod begins at 0', () => {
  for (const story of POD_STORIES) {
    test(story, async () => {
      for (const snapshot of Object.keys(truthOf(story).snapshots)) {
        const { lifecycles } = await recordedPods(story, snapshot);
        for (const lifecycle of lifecycles) assert.match(linesOf(lifecycle)[0]!, /total {2}0(?: |$)/);
      }
    });
  }
});

/** The story of a StatefulSet, with the owner's creation at another time. */
async function ownerRow(creationTimestamp: string): Promise<string | undefined> {
  const { lifecycles } = await recordedPods('stateful-set', 'final', {
    change: (body, path) =>
      /\/statefulsets\/[^/]+$/.test(path)
        ? { ...(body as object), metadata: { ...(body as { metadata: object }).metadata, creationTimestamp } }
        : body,
  });
  const lines = linesOf(lifecycles[0]!);
  assert.match(lines[0]!, /total {2}0 /);
  return lines.find((line) => line.includes('statefulset/'));
}

suite('the row of an owner that is older than the pod', () => {
  test('says by how much, where times in seconds show it', async () => {
    assert.match((await ownerRow('2026-11-25T20:29:14Z'))!, /statefulset\/database created 12 s earlier +┄$/);
  });

  test('says nothing where both may have been created at the same time', async () => {
    assert.match((await ownerRow('2026-11-25T20:29:25Z'))!, /statefulset\/database created +┄$/);
  });
});
