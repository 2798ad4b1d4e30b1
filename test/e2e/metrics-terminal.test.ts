import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { faultyBackend } from '../support/faulty-backend.ts';
import { cleanHome, launcher } from '../support/kubectl-trace.ts';
import { openTerminal, whyNoTerminal } from '../support/tmux.ts';

/** An API server that traces. */
const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

const HEADLINE = 'GET /api/v1/namespaces/default';
/** Up by some lines, and everything from there on erased. */
// oxlint-disable-next-line no-control-regex -- a terminal is written to
const ERASED = /\u001b\[\d+A\r\u001b\[J/g;

suite('spans that are still to come, in a terminal', { skip: whyNoTerminal(), timeout: 240_000 }, () => {
  test('the tree of the metrics is there first, and the report takes its place', async (t) => {
    const arrived = Promise.withResolvers<void>();
    const backend = await faultyBackend(cluster().backendURL, () => arrived.promise.then(() => 'pass'));
    t.after(() => backend.stop());
    const env = { HOME: home.path, KUBECONFIG: cluster().kubeconfig, TERM: 'xterm-256color' };
    const command = `${launcher} get namespace default --context masters --backend jaeger=${backend.url}`;
    const screen = await openTerminal(t, `${command}; echo exit=$?`, { columns: 120, rows: 50, env });

    const first = (await screen.until((lines) => lines.some((line) => line.includes('measured')))).join('\n');
    assert.match(first, /measured: \d+ stages/);
    assert.match(first, /├┄ storage, encode, write \(inferred\)/);
    assert.doesNotMatch(first, /etcd range|exit=/);
    assert.ok(!ERASED.test(screen.written()), 'nothing was drawn before');

    arrived.resolve();
    const last = (await screen.until((lines) => lines.some((line) => line.startsWith('exit=')))).join('\n');
    assert.match(last, /^exit=0$/m);
    assert.match(last, /complete: (\d+) of \1 spans/);
    assert.doesNotMatch(last, /measured/);
    assert.equal(last.split(HEADLINE).length, first.split(HEADLINE).length, 'the request is there once');
    assert.equal(screen.written().match(ERASED)?.length, 1);
  });
});
