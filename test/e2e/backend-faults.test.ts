import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, test, type TestContext } from 'node:test';
import { sharedCluster } from '../lab/cluster/shared.ts';
import { faultyBackend, type Fault, type FaultyBackend } from '../support/faulty-backend.ts';
import { cleanHome, kubectlTrace, type Outcome } from '../support/kubectl-trace.ts';
import { parseDocument } from '../support/schema.ts';

const cluster = sharedCluster();
const home = cleanHome();
after(() => home.remove());

const run = (backend: string, ...args: string[]): Promise<Outcome> =>
  kubectlTrace(home.path, args, {
    env: { KUBECONFIG: cluster().kubeconfig, KUBECTL_TRACE_BACKEND: `jaeger=${backend}` },
  });

async function behind(t: TestContext, fault: Fault): Promise<FaultyBackend> {
  const backend = await faultyBackend(cluster().backendURL, fault);
  t.after(() => backend.stop());
  return backend;
}

async function findsTheTrace(backend: FaultyBackend, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await run(backend.url, 'get', 'nodes', '-o', 'json', ...args);
  assert.equal(code, 0, stderr);
  const document = parseDocument(stdout);
  assert.equal(document.verdict, 'complete');
  assert.ok(document.trace?.spans.some(({ service, name }) => service === 'etcd' && name === 'range'));
}

test('a backend that is down at first is polled until it is up if --wait is given', async (t) => {
  const backend = await behind(t, () => 'pass');
  await backend.stop();
  const found = findsTheTrace(backend, '--wait', '30s');
  await sleep(1500);
  await backend.start();
  await found;
});

test('a backend restart during the lookup loses no spans already found', async (t) => {
  let restarted: Promise<void> | undefined;
  const backend: FaultyBackend = await behind(t, (count, response) => {
    if (count !== 1) return 'pass';
    response.destroy();
    restarted = backend
      .stop()
      .then(() => sleep(800))
      .then(() => backend.start());
    return 'handled';
  });
  await findsTheTrace(backend, '--context', 'masters');
  await restarted;
});

test('a backend that throttles is polled after its Retry-After', async (t) => {
  const askedAt: number[] = [];
  const backend = await behind(t, (count, response) => {
    askedAt.push(performance.now());
    if (count >= 2) return 'pass';
    response.writeHead(429, { 'retry-after': '1' }).end('slow down');
    return 'handled';
  });
  await findsTheTrace(backend, '--context', 'masters');
  assert.ok((askedAt[2] ?? 0) - (askedAt[1] ?? 0) >= 950, 'Retry-After is in seconds');
});

test('a slow backend is waited for', async (t) => {
  const backend = await behind(t, () => sleep(700, 'pass' as const));
  await findsTheTrace(backend, '--context', 'masters');
});

test('a backend that hangs on a query is queried again', async (t) => {
  const backend = await behind(t, (count) => (count === 0 ? 'handled' : 'pass'));
  await findsTheTrace(backend, '--context', 'masters');
});

/** Far below the 30 s that are waited for a trace, far above what a slow machine takes for a second. */
const SOON_MILLIS = 15_000;

test('an unreachable backend is reported early, with the cause and a hint', async () => {
  const closed = await faultyBackend(cluster().backendURL, () => 'pass');
  await closed.stop();
  const env = { KUBECONFIG: cluster().kubeconfig };
  for (const [backend, cause] of [
    ['http://127.0.0.1:9', /: port 9 is one that HTTP clients refuse/],
    [closed.url, /: connection refused\nhint: is the trace backend running/],
    [`jaeger=${closed.url}`, /: connection refused\nhint: is the trace backend running/],
    ['http://backend.invalid:16686', /: (no such host|the name cannot be resolved now)\nhint: is the host name right/],
    [`tempo=${cluster().backendURL.replace('http:', 'https:')}`, /: the server does not speak TLS\nhint: try http:/],
  ] as const) {
    const startedAt = performance.now();
    const { code, stdout, stderr } = await kubectlTrace(
      home.path,
      ['get', 'nodes', '--context', 'masters', '--metrics=off', '--backend', backend],
      { env },
    );
    assert.ok(performance.now() - startedAt < SOON_MILLIS, backend);
    assert.equal(code, 5, stderr);
    assert.match(stderr, /^error: the request succeeded, but cannot connect to https?:/m);
    assert.match(stderr, cause);
    assert.match(stdout, /^GET \/api\/v1\/nodes/m, 'the request is shown even so');
  }
});

test('an explicit --wait reports an unreachable backend early, and retries it until the deadline', async () => {
  const closed = await faultyBackend(cluster().backendURL, () => 'pass');
  await closed.stop();
  const { code, stderr } = await run(closed.url, 'get', 'nodes', '--wait', '4s');
  assert.equal(code, 5);
  assert.match(stderr, /^note: cannot connect to http:\S+: connection refused; trying again\nerror: /);
});

test('a backend that stays down is reported, and `show last` finds the trace once it is up', async (t) => {
  const backend = await behind(t, () => 'pass');
  await backend.stop();
  const { code, stdout, stderr } = await run(backend.url, 'get', 'nodes', '--wait', '1s', '-o', 'json');
  assert.equal(code, 5, stderr);
  assert.match(stderr, /^error: the request succeeded, but /m);
  assert.match(stderr, /kubectl trace show last/);
  const missed = parseDocument(stdout);
  assert.equal(missed.verdict, 'missing');
  await backend.start();
  const again = await run(backend.url, 'show', 'last', '-o', 'json');
  assert.equal(again.code, 0, again.stderr);
  const document = parseDocument(again.stdout);
  assert.equal(document.command.traceID, missed.command.traceID);
  assert.ok(document.trace?.spans.some(({ service, name }) => service === 'etcd' && name === 'range'));
});
