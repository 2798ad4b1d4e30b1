import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { cleanHome, kubectlTrace } from '../support/kubectl-trace.ts';
import { exportRequest, newTrace } from '../support/otlp.ts';
import { startServe, type RunningServe } from '../support/serve.ts';

const newHome = (): string => {
  const home = cleanHome();
  after(() => home.remove());
  return home.path;
};

/** Sends one trace; resolves with the status, or undefined when there was no answer. */
async function send({ otlp }: RunningServe, trace: string, filler = ''): Promise<number | undefined> {
  const spans = Array.from({ length: 20 }, () => ({ trace, attributes: { filler } }));
  const body = new Uint8Array(exportRequest(spans));
  try {
    const headers = { 'content-type': 'application/x-protobuf' };
    const response = await fetch(`http://${otlp}/v1/traces`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined;
  }
}

/** How many spans of each trace can be looked up. */
async function spansOf({ query }: RunningServe, traces: readonly string[]): Promise<number[]> {
  const counts: number[] = [];
  for (const trace of traces) {
    const response = await fetch(`${query}/api/traces/${trace}`);
    const { data } = (await response.json()) as { data: { spans: unknown[] }[] | null };
    counts.push(data?.[0]?.spans.length ?? 0);
  }
  return counts;
}

test('kill -9 during writes loses no acknowledged spans', async () => {
  const home = newHome();
  const first = await startServe(home);
  const acknowledged: string[] = [];
  let killed: Promise<unknown> | undefined;
  const sender = async (): Promise<void> => {
    for (;;) {
      const trace = newTrace();
      if ((await send(first, trace)) !== 200) return;
      acknowledged.push(trace);
      if (acknowledged.length >= 200) killed ??= first.end('SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: 8 }, sender));
  await killed;
  assert.ok(acknowledged.length >= 200);
  const second = await startServe(home);
  assert.deepEqual(
    (await spansOf(second, acknowledged)).filter((count) => count !== 20),
    [],
  );
  assert.equal(await send(second, newTrace()), 200);
  assert.equal(await second.end(), 0);
});

test('a full disk: senders get a retryable error, and no acknowledged spans are lost', async () => {
  const home = newHome();
  const MIB_BLOCKS = 2048;
  const first = await startServe(home, { fileBlocks: 2 * MIB_BLOCKS });
  const acknowledged: string[] = [];
  const filler = 'x'.repeat(2000);
  let status: number | undefined = 200;
  for (let count = 0; count < 1000 && status === 200; count++) {
    const trace = newTrace();
    status = await send(first, trace, filler);
    if (status === 200) acknowledged.push(trace);
  }
  assert.equal(status, 429);
  assert.ok(acknowledged.length > 5);
  assert.match(first.said(), /^note: a request was refused: spans cannot be stored now: /m);
  // It goes on answering: what was kept, too.
  assert.deepEqual(new Set(await spansOf(first, acknowledged)), new Set([20]));
  assert.equal(await first.end(), 0);
  const second = await startServe(home);
  assert.deepEqual(new Set(await spansOf(second, acknowledged)), new Set([20]));
  assert.equal(await send(second, newTrace(), filler), 200);
  assert.equal(await second.end(), 0);
});

test('a second serve for the same store is rejected, and its error names the first', async () => {
  const home = newHome();
  const first = await startServe(home);
  const ports = ['--listen', '127.0.0.1:0', '--listen-http', 'none', '--listen-query', '127.0.0.1:0'];
  const { code, stderr } = await kubectlTrace(home, ['serve', ...ports]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^error: kubectl trace serve is already running as process ${first.pid}, `));
  assert.match(stderr, /^hint: .*--database/m);
  assert.equal(await first.end(), 0);
});

test('a port in use is named in the error', async () => {
  const home = newHome();
  const first = await startServe(home);
  const { code, stderr } = await kubectlTrace(newHome(), ['serve', '--listen', first.otlp]);
  assert.equal(code, 1);
  assert.equal(
    stderr,
    `error: cannot listen on ${first.otlp}: the address is already in use\nhint: end that program, or choose another address: kubectl trace serve --help\n`,
  );
  await first.end();
});
