import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { exportRequest, newTrace } from '../../support/otlp.ts';
import { startTestServing, type TestServing } from '../../support/serving.ts';

const send = async ({ otlpURL }: TestServing, trace: string, filler = ''): Promise<void> => {
  const body = new Uint8Array(exportRequest([{ trace, attributes: { filler } }]));
  const headers = { 'content-type': 'application/x-protobuf' };
  assert.equal((await fetch(`${otlpURL}/v1/traces`, { method: 'POST', headers, body })).status, 200);
};

interface Collector {
  readonly url: string;
  readonly received: { readonly body: Buffer; readonly headers: IncomingHttpHeaders }[];
  /** Resolves when this many requests have come. */
  until(count: number): Promise<void>;
}

/** Answers with these statuses, one after the other, and then with the last one. */
async function collector(t: TestContext, ...statuses: number[]): Promise<Collector> {
  const received: Collector['received'] = [];
  let look = (): void => {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = statuses[Math.min(received.length, statuses.length - 1)]!;
      received.push({ body: Buffer.concat(chunks), headers: request.headers });
      response.writeHead(status).end();
      look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  const until = (count: number): Promise<void> =>
    new Promise((resolve) => {
      look = () => {
        if (received.length >= count) resolve();
      };
      look();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, until };
}

test('forward: every request is forwarded unchanged to an OTLP receiver', async (t) => {
  const second = await startTestServing(t);
  const first = await startTestServing(t, { forward: second.otlpURL });
  const traces = Array.from({ length: 20 }, newTrace);
  for (const trace of traces) await send(first, trace);
  await first.close();
  for (const trace of traces) {
    assert.equal((await fetch(`${second.queryURL}/api/v3/traces/${trace}`)).status, 200);
  }
  assert.deepEqual([first.counts.forwarded, first.counts.notForwarded], [20, 0]);
});

test('forward: requests keep their order, and are retried only after retryable errors', async (t) => {
  const target = await collector(t, 503, 200, 400, 200);
  const serving = await startTestServing(t, { forward: target.url });
  for (const filler of ['a', 'b', 'c']) await send(serving, newTrace(), filler.repeat(100));
  await target.until(4);
  await serving.close();
  const order = target.received.map(({ body }) => /(a|b|c)\1{99}/.exec(body.toString('latin1'))?.[1]);
  assert.deepEqual(order, ['a', 'a', 'b', 'c']);
  assert.deepEqual([serving.counts.forwarded, serving.counts.notForwarded], [2, 1]);
  assert.match(serving.said.join('\n'), /^note: 1 request was not forwarded so far: http:.* responded 400$/m);
});

test('forward: no sender waits for an unreachable receiver, and dropped requests are counted', async (t) => {
  const serving = await startTestServing(t, { forward: 'http://127.0.0.1:1', limits: { forwardBytes: 10_000 } });
  for (let count = 0; count < 10; count++) await send(serving, newTrace(), 'x'.repeat(3000));
  assert.equal(serving.counts.storedSpans, 10);
  assert.equal(serving.counts.notForwarded, 7);
  assert.match(serving.said.join('\n'), /^note: nothing can be forwarded at the moment: .*127\.0\.0\.1:1 cannot be/m);
});
