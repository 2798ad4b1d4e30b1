import assert from 'node:assert/strict';
import { delimiter, dirname } from 'node:path';
import { after, suite, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { serve } from '../support/http-server.ts';
import { cleanHome, launcher } from '../support/kubectl-trace.ts';
import { assertCalm, openTerminal, SIZES, whyNoTerminal, type TerminalScreen } from '../support/tmux.ts';

/** Commands that wait, in a real terminal: one calm line, Ctrl-C, and a terminal that is resized meanwhile. */
const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

interface Size {
  readonly columns: number;
  readonly rows: number;
}

function open(context: TestContext, command: string, size: Size): Promise<TerminalScreen> {
  const { kubeconfig, binaries } = cluster();
  const path = [dirname(binaries.kubectl), process.env['PATH']].join(delimiter);
  const env = { HOME: home.path, KUBECONFIG: kubeconfig, PATH: path, TERM: 'xterm-256color' };
  return openTerminal(context, `${command}; echo exit=$?`, { ...size, env });
}

async function createNamespace(name: string): Promise<void> {
  const { status, body } = await cluster().call('POST', '/api/v1/namespaces', {
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
  });
  assert.equal(status, 201, body);
}

const hasLine =
  (pattern: RegExp) =>
  (lines: readonly string[]): boolean =>
    lines.some((line) => pattern.test(line));

const hasEnded = hasLine(/^exit=/);
const filled = (lines: readonly string[]): string[] => lines.filter((line) => line !== '');

/** A backend that has no trace. */
async function emptyBackend(context: TestContext): Promise<string> {
  const { url } = await serve(context, (request, response) => {
    const isServices = request.url?.startsWith('/api/services') === true;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: isServices ? ['apiserver'] : [] }));
  });
  return url;
}

suite('a command that waits, in a terminal', { skip: whyNoTerminal(), timeout: 600_000 }, () => {
  for (const size of SIZES) {
    const { columns } = size;
    const name = `${columns} × ${size.rows}`;

    test(`${name}, get -w: one calm line, also after a resize, and the trace after Ctrl-C`, async (t) => {
      const screen = await open(t, `${launcher} get namespaces -w --for-events 5 --wait 0`, size);
      await screen.until(hasLine(/^watching namespaces, \d+ s: 0 of 5 changes; Ctrl-C/));
      await createNamespace(`watched-${columns}`);
      await screen.until(hasLine(/^watching namespaces, \d+ s: 1 of 5 changes; Ctrl-C/));
      await sleep(2500);
      const calm = await screen.lines();
      assert.equal(filled(calm).length, 1, calm.join('\n'));
      assertCalm(screen.written(), 'watching ');

      await screen.resize(40, 20);
      const narrow = await screen.until(hasLine(/^watching namespaces, .{15,16}…$/));
      assert.equal(filled(narrow).length, 1, narrow.join('\n'));
      await screen.resize(columns, size.rows);
      await screen.until(hasLine(/; Ctrl-C ends it and shows the trace$/));

      await screen.press('C-c');
      const ended = (await screen.until(hasEnded)).join('\n');
      assert.match(ended, /^exit=130$/m);
      assert.match(ended, /^├─ GET \/api\/v1\/namespaces /m);
      assert.doesNotMatch(ended, /\^C|watching/);
    });

    test(`${name}, a look-up: one calm line below the first picture, and one picture after Ctrl-C`, async (t) => {
      const backend = `--backend jaeger=${await emptyBackend(t)} --wait 10m`;
      const screen = await open(t, `${launcher} get namespaces --context masters ${backend}`, size);
      const isWaiting = hasLine(/^waiting for the trace, \d+ s: no spans yet$/);
      // The end of the picture is cut off where it is higher than the terminal.
      await screen.until((lines) => isWaiting(lines) && hasLine(/^trace [0-9a-f]{32}/)(lines));
      await sleep(2500);
      const [last = '', ...above] = (await screen.lines()).toReversed();
      assert.match(last, /^waiting for the trace, /);
      assert.ok(!hasLine(/^waiting/)(above), above.join('\n'));
      // On a slow machine the line is there before the picture.
      const written = screen.written();
      assertCalm(written.slice(written.lastIndexOf('\ntrace ')), 'waiting ');

      await screen.resize(columns - 2, size.rows);
      await screen.until(isWaiting);
      await screen.press('C-c');
      const ended = await screen.until(hasEnded);
      const text = ended.join('\n');
      assert.match(text, /^exit=130$/m);
      // It may be higher than the terminal, and its first lines scrolled away.
      for (const once of [/^GET /, /^ +self +total /])
        assert.ok(ended.filter((line) => once.test(line)).length <= 1, text);
      assert.doesNotMatch(text, /\^C|waiting for the trace/);
      assert.ok(ended.every((line) => line.length <= columns - 2));
    });

    test(`${name}, kubectl get -w: kubectl's rows, and the trace on a new line after Ctrl-C`, async (t) => {
      const plain = await open(t, 'kubectl get namespaces -w', size);
      await plain.until(hasLine(/^kube-system /));
      await plain.press('C-c');
      const alone = (await plain.until(hasLine(/exit=\d/))).join('\n');

      const screen = await open(t, `${launcher} run --wait 0 -- kubectl get namespaces -w`, size);
      await screen.until(hasLine(/^kube-system /));
      await screen.resize(columns - 10, size.rows);
      await screen.press('C-c');
      const ended = await screen.until(hasLine(/exit=\d/));
      const text = ended.join('\n');
      assert.equal(/exit=\d+/.exec(text)?.[0], /exit=\d+/.exec(alone)?.[0]);
      assert.match(text, /^kubectl get namespaces -w {2}exit status /m);
      assert.ok(hasLine(/^├─ GET \/api\/v1\/namespaces /)(ended), text);
      assert.ok(!hasLine(/\^C./)(ended), text);
      // As wide as the terminal is by then.
      assert.ok(ended.every((line) => line.length <= columns - 10));
      assert.ok(!hasLine(/^ +[█─]/)(ended), text);
    });
  }
});
