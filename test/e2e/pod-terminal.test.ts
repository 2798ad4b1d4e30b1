import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, launcher } from '../support/kubectl-trace.ts';
import { assertCalm, openTerminal, SIZES, whyNoTerminal } from '../support/tmux.ts';

const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

async function createPod(name: string): Promise<void> {
  const { status, body } = await cluster().call('POST', '/api/v1/namespaces/default/pods', {
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'registry.test/web:1' }] },
    },
  });
  assert.equal(status, 201, body);
}

/** A state that lasts: nothing acts on the pod. */
const LASTING = '--follow --until-stuck 10m --wait 0';

suite('pod --follow in a terminal', { skip: whyNoTerminal(), timeout: 240_000 }, () => {
  for (const { columns, rows } of SIZES) {
    test(`${columns} × ${rows}: one calm line, also after a resize, and the picture after Ctrl-C`, async (t) => {
      const name = `terminal-${columns}`;
      await createPod(name);
      const env = { HOME: home.path, KUBECONFIG: cluster().kubeconfig, TERM: 'xterm-256color' };
      const screen = await openTerminal(t, `${launcher} pod ${name} ${LASTING}; echo exit=$?`, { columns, rows, env });
      const isFollowed = (lines: readonly string[]): boolean =>
        lines.some((line) => line.startsWith(`pod/${name} in default   PROGRESSING`));
      await screen.until(isFollowed);
      // Long enough for several seconds to be counted.
      await sleep(4000);
      const calm = await screen.lines();
      assert.equal(calm.filter((line) => line !== '').length, 1, calm.join('\n'));
      assert.ok(calm.every((line) => line.length < columns));
      assertCalm(screen.written(), `pod/${name} in default   `);

      await screen.resize(50, 20);
      const narrow = await screen.until((lines) => isFollowed(lines) && lines.every((line) => line.length < 50));
      assert.equal(narrow.filter((line) => line !== '').length, 1, narrow.join('\n'));
      await screen.resize(columns, rows);
      await screen.until((lines) => lines.some((line) => line.length > 50));

      await screen.press('C-c');
      const ended = await screen.until((lines) => lines.some((line) => line.startsWith('exit=')));
      const text = ended.join('\n');
      assert.match(text, /^exit=130$/m);
      assert.match(text, /^pod\/terminal-\d+ in default/m);
      assert.match(text, /^error: interrupted while following pod\/terminal-/m);
      assert.doesNotMatch(text, /\^C/);
    });
  }
});
