import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startCluster, type TestCluster } from '../lab/cluster/cluster.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument } from '../support/schema.ts';
import { startServe, type RunningServe } from '../support/serve.ts';

/** A real kube-apiserver and etcd that export to `kubectl trace serve`, and no other trace backend anywhere. */
const home = cleanHome();
let serve: RunningServe;
let cluster: TestCluster;
before(async () => {
  serve = await startServe(home.path);
  cluster = await startCluster({ exportTo: serve.otlp });
});
after(async () => {
  await cluster?.stop();
  await serve?.end();
  home.remove();
});

const run = (...args: string[]): Promise<Outcome> =>
  kubectlTrace(home.path, args, { env: { KUBECONFIG: cluster.kubeconfig } });

for (const context of ['admin', 'masters']) {
  test(`get nodes as ${context} finds its trace in the running serve, without --backend`, async () => {
    const { code, stdout, stderr } = await run('get', 'nodes', '--context', context, '-o', 'json');
    assert.equal(code, 0, stderr);
    const document = parseDocument(stdout);
    assert.equal(document.verdict, 'complete');
    assert.equal(document.backend?.kind, 'local');
    assert.equal(document.backend?.url, serve.query);
    const services = new Set(document.trace?.spans.map(({ service }) => service));
    assert.ok(services.has('apiserver') && services.has('etcd'), [...services].join());
  });
}

test('the URL of a trace shows it as text, and as a page in a browser', async () => {
  const { stdout } = await run('get', 'nodes', '--context', 'masters', '-o', 'jsonpath={.backend.traceURL}');
  const response = await fetch(stdout.trim());
  const text = await response.text();
  assert.match(text, /[├└]─ etcd {2}KV\/Range/);
  for (const line of text.split('\n')) assert.ok(line.length <= 160, line);
  const page = await fetch(stdout.trim(), { headers: { accept: 'text/html' } });
  assert.match(await page.text(), new RegExp(`data-trace="${stdout.trim().split('/').at(-1)}"`));
  assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'; .*; frame-ancestors 'none'$/);
});

test('serve announces each new service once, by name', async () => {
  assert.match(serve.said(), /^Receiving spans of apiserver$/m);
  assert.match(serve.said(), /^Receiving spans of etcd$/m);
});

test('a trace can be shown again from the store after serve has ended', async () => {
  const { stdout } = await run('get', 'namespaces', '--context', 'masters', '-o', 'name');
  const traceID = stdout.trim();
  assert.match(traceID, /^[0-9a-f]{32}$/);
  const running = await run('show', traceID, '--no-history', '-o', 'json', '--wait', '0');
  assert.equal(await serve.end('SIGINT'), 0);
  assert.match(serve.said(), /^Ended: stored \d+ spans$/m);
  const stored = await run('show', traceID, '--no-history', '-o', 'json', '--wait', '0');
  for (const { code, stderr } of [running, stored]) assert.equal(code, 0, stderr);
  const [one, other] = [running, stored].map((outcome) => parseDocument(outcome.stdout));
  assert.ok((one?.trace?.spans.length ?? 0) > 5);
  assert.deepEqual(other?.trace, one?.trace);
  assert.match(other?.backend?.url ?? '', /^file:.*traces\.db$/);
  // Nothing that is still to come can come.
  const outcome = await run('get', 'nodes');
  assert.equal(outcome.code, 5);
  assert.match(outcome.stderr, /kubectl trace serve provides one/);
});
