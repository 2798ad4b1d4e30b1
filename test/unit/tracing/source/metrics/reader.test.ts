import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MetricsReader } from '../../../../../src/tracing/source/metrics/reader.ts';
import type { ReadTask } from '../../../../../src/tracing/source/metrics/read.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { testRuntime } from '../../../kube/fixture.ts';
import { traceID } from '../../../../support/spans.ts';

/** When a reader with this answer reads while another program runs, in milliseconds. */
async function readsOf(
  sentAt: readonly number[],
  { forMillis, status = 200 }: { readonly forMillis: number; readonly status?: number },
): Promise<number[]> {
  const clock = new FakeClock();
  const reads: number[] = [];
  const task = {
    cluster: {
      send: async ({ path }: { readonly path: string }) => {
        if (path === '/metrics') reads.push(Math.round(clock.millis));
        const headers = { 'content-type': 'application/vnd.google.protobuf' };
        return { status, headers, body: new Uint8Array(), error: null };
      },
    },
    traceID: traceID('a1'),
    cache: { read: async () => true, write: async () => undefined },
    asksAgain: false,
    isDelta: false,
  } as unknown as ReadTask;
  const reader = new MetricsReader(task, testRuntime({ clock }));
  const over = new AbortController();
  const sent = (): number => sentAt.filter((at) => at <= clock.millis).length;
  const running = reader.readRegularly(sent, over.signal);
  await clock.sleep(forMillis);
  over.abort();
  await running;
  return reads;
}

suite('while another program runs the metrics are read', () => {
  test('at most once a second, however much it sends', async () => {
    const everyTenMillis = Array.from({ length: 500 }, (_, index) => index * 10);
    const reads = await readsOf(everyTenMillis, { forMillis: 5500 });
    assert.ok(reads.length >= 4 && reads.length <= 5, reads.join(' '));
    for (const [index, at] of reads.entries()) assert.ok(at - (reads[index - 1] ?? 0) >= 1000, reads.join(' '));
  });

  test('only after it has sent something since', async () => {
    assert.deepEqual((await readsOf([], { forMillis: 5500 })).length, 0);
    assert.deepEqual((await readsOf([100, 3100], { forMillis: 9500 })).length, 2);
  });

  test('no more once they could not be read', async () => {
    const everySecond = Array.from({ length: 9 }, (_, index) => index * 1000);
    assert.equal((await readsOf(everySecond, { forMillis: 9500, status: 403 })).length, 1);
  });
});
