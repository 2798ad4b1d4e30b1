import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { sharedNode } from '../lab/cluster/node/shared.ts';
import { differences } from '../lab/rollouts/comparison.ts';
import { followRollout } from '../lab/rollouts/follow.ts';
import { rollouts } from '../lab/rollouts/rollouts.ts';
import { cleanHome } from '../support/kubectl-trace.ts';

const { node, skip } = await sharedNode();
const home = cleanHome();
after(() => home.remove());

/** One that gets to its end, one that is put right while it is stuck, and one that is not. */
const followed = ['replaces-stuck-pods', 'rolled-back', 'quota'];

suite('a rollout is followed in parallel with `kubectl rollout status`', { concurrency: true, skip }, () => {
  for (const { name, says } of rollouts.filter((rollout) => followed.includes(rollout.name))) {
    test(`${name}: the same result, and not earlier. ${says}`, { skip, timeout: 400_000 }, async () => {
      const rollout = rollouts.find((each) => each.name === name)!;
      assert.deepEqual(differences(await followRollout(node().cluster, rollout, home.path)), []);
    });
  }
});
