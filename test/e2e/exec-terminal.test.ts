import assert from 'node:assert/strict';
import { delimiter, dirname } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedNode } from '../lab/cluster/node/shared.ts';
import { container, pod } from '../lab/pods/manifests.ts';
import { cleanHome, launcher } from '../support/kubectl-trace.ts';
import { openTerminal, SIZES, whyNoTerminal, type TerminalScreen } from '../support/tmux.ts';

// A program in a pod on a real terminal: keys, sizes and signals go to it, and the screen is as kubectl leaves it.
const { node, skip } = await sharedNode();
const options = { skip: whyNoTerminal() || skip, timeout: 300_000 };
const home = cleanHome();
after(() => home.remove());

let started: Promise<void> | undefined;
const running = (): Promise<void> => (started ??= startPod('box'));

async function startPod(name: string): Promise<void> {
  const { path, object } = pod('default', name, { containers: [container(name, ['serve', '8080'])] });
  assert.equal((await node().cluster.call('POST', path, { body: object })).status, 201);
  for (;;) {
    const { body } = await node().cluster.call('GET', `${path}/${name}`);
    const { status } = JSON.parse(body) as { status: { phase?: string } };
    if (status.phase === 'Running') return;
    await sleep(100);
  }
}

/** What is on the screen from a session in which two words are typed, the terminal gets narrower, and Ctrl-C ends it. */
async function session(
  context: TestContext,
  before: string,
  size: (typeof SIZES)[number],
): Promise<{ readonly screen: TerminalScreen; readonly lines: string[] }> {
  const { kubeconfig, binaries } = node().cluster;
  const path = [dirname(binaries.kubectl), process.env['PATH']].join(delimiter);
  const env = { HOME: home.path, KUBECONFIG: kubeconfig, PATH: path, TERM: 'xterm-256color' };
  // Its terminal echoes what is typed.
  const command = `${before} exec -it box -- /lab exit 4 say=ready after=10m`;
  const screen = await openTerminal(context, `${command}; echo exit=$?`, { ...size, env });
  const has =
    (text: string) =>
    (lines: readonly string[]): boolean =>
      lines.some((line) => line.includes(text));
  await screen.until(has('ready'));
  await screen.press('o', 'n', 'e', 'Enter', 't', 'w');
  await screen.until(has('tw'));
  await screen.resize(size.columns - 20, size.rows);
  await screen.press('o');
  await screen.until(has('two'));
  await screen.press('C-c');
  return { screen, lines: await screen.until(has('exit=')) };
}

for (const size of SIZES) {
  test(
    `exec -it at ${size.columns} × ${size.rows}: the screen of kubectl, and below it the trace`,
    options,
    async (t) => {
      await running();
      const alone = await session(t, 'kubectl', size);
      const ended = 'two^Ccommand terminated with exit code 130';
      assert.deepEqual(
        alone.lines.filter((line) => line !== ''),
        ['ready', 'one', ended, 'exit=130'],
      );

      const traced = await session(t, `${launcher} --wait 0`, size);
      // Above the trace, which may be as high as the screen.
      const written = traced.screen.written().replaceAll('\r', '').split('\n');
      assert.deepEqual(
        written
          .filter((line) => line !== '')
          .slice(0, 3)
          .map((line) => line.replaceAll('\b', '')),
        ['ready', 'one', ended],
      );
      const text = traced.lines.join('\n');
      assert.match(text, /^exit=130$/m);
      assert.match(text, /^[├└]─ GET …?\/.*\/exec /m);
      assert.ok(
        traced.lines.every((line) => line.length <= size.columns - 20),
        text,
      );
      assert.doesNotMatch(text, /^ +[█─]/m, 'a line of the tree is wrapped');
    },
  );
}
