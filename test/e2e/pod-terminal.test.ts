import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { cleanHome, launcher } from '../support/kubectl-trace.ts';
import { openTerminal, whyNoTerminal } from '../support/tmux.ts';

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
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
  ] as const) {
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
      // Nothing is erased before it is written again: the screen does not flicker.
      const written = screen.written();
      for (const erases of ['\u001b[J', '\u001b[2J', '\u001b[2K']) assert.ok(!written.includes(erases), written);
      const frames = written
        .slice(written.indexOf('pod/'))
        .split('\r')
        .filter((frame) => frame.trim() !== '');
      assert.ok(frames.length > 2, written);
      for (const frame of frames) {
        assert.ok(frame.startsWith(`pod/${name} in default   `) && frame.endsWith('\u001b[K'), frame);
        assert.ok(!frame.includes('\n'), frame);
      }

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
