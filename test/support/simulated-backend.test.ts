import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Span } from '../../src/trace/span.ts';
import { epochNanos } from '../../src/trace/time.ts';
import { batchArrivals, singleArrivals, type Arrival } from './arrivals.ts';
import { FakeClock } from './fake-clock.ts';
import { simulatedBackend } from './simulated-backend.ts';
import { span, traceID } from './spans.ts';

const second = 1_000_000_000n;
const start = epochNanos(1_795_478_400_000_000_000n);
const at = (millis: number): Span['end'] => epochNanos(start + BigInt(millis) * 1_000_000n);
const ending = (id: string, millis: number, service = 'apiserver'): Span =>
  span({ id, service, start: at(millis - 1), end: at(millis) });

const signal = new AbortController().signal;
const idsOf = (arrivals: readonly Arrival[]): string[] =>
  arrivals.flatMap(({ spans }) => spans.map(({ spanID }) => spanID.slice(-2)));

const anySpans = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.constantFrom('apiserver', 'etcd')), { maxLength: 40 })
  .map((all) => all.map(([millis, service], index) => ending((index + 1).toString(16), millis, service)));

test('spans that end in one export interval of their process arrive together, in the order of their ends', () => {
  const spans = [ending('03', 3), ending('01', 1), ending('02', 2)];
  const [arrival, ...more] = batchArrivals(spans, { seed: 1, exportMillis: 3_600_000, mostDelayMillis: 0 });
  assert.deepEqual(idsOf([arrival!]), ['01', '02', '03']);
  assert.deepEqual(more, []);
});

test('a process exports at its own interval, and never before a span has ended', () => {
  fc.assert(
    fc.property(anySpans, fc.integer(), (spans, seed) => {
      const arrivals = batchArrivals(spans, { seed, exportMillis: 5000, mostDelayMillis: 0 });
      for (const { at: instant, spans: batch } of arrivals) {
        assert.equal(new Set(batch.map(({ resource }) => resource)).size, 1);
        for (const { end } of batch) assert.ok(end <= instant && instant < end + 5n * second);
      }
      for (const service of ['apiserver', 'etcd']) {
        const own = arrivals.filter(({ spans: [first] }) => first?.resource.service === service);
        for (const one of own) assert.equal((one.at - own[0]!.at) % (5n * second), 0n);
      }
    }),
  );
});

test('a full batch does not wait', () => {
  const spans = [ending('01', 1), ending('02', 2), ending('03', 3)];
  const travel = { seed: 1, exportMillis: 3_600_000, batchSize: 2, mostDelayMillis: 0 };
  const [full] = batchArrivals(spans, travel);
  assert.deepEqual([full!.at, idsOf([full!])], [at(2), ['01', '02']]);
});

test('with any disturbance except loss, every span arrives; only duplicates are added', () => {
  fc.assert(
    fc.property(anySpans, fc.integer(), (spans, seed) => {
      const plain = idsOf(batchArrivals(spans, { seed, split: 0.5 }));
      assert.deepEqual(plain.sort(), idsOf([{ at: start, spans }]).sort());
      const doubled = idsOf(batchArrivals(spans, { seed, split: 0.5, duplicate: 1 }));
      assert.deepEqual(doubled.sort(), [...plain, ...plain].sort());
      assert.deepEqual(batchArrivals(spans, { seed, lose: 1 }), []);
    }),
  );
});

test('batches overtake each other, and are split', () => {
  const spans = Array.from({ length: 20 }, (_, index) => ending((index + 1).toString(16), 1 + index * 5000));
  const inOrder = spans.map(({ spanID }) => spanID.slice(-2)).join();
  const orders = [1, 2, 3, 4, 5, 6].map((seed) => idsOf(batchArrivals(spans, { seed })).join());
  assert.ok(orders.some((order) => order !== inOrder));
  const prompt = [1, 2, 3, 4, 5, 6].map((seed) => idsOf(batchArrivals(spans, { seed, mostDelayMillis: 0 })).join());
  assert.deepEqual([...new Set(prompt)], [inOrder]);
  const together = Array.from({ length: 20 }, (_, index) => ending((index + 1).toString(16), 1 + index));
  const travel = { seed: 1, exportMillis: 3_600_000 };
  assert.equal(batchArrivals(together, travel).length, 1);
  assert.equal(batchArrivals(together, { ...travel, split: 1 }).length, 2);
});

test('the same seed gives the same delivery, and another seed another one', () => {
  const spans = [ending('01', 1), ending('02', 2, 'etcd'), ending('03', 7000)];
  assert.deepEqual(batchArrivals(spans, { seed: 7, lose: 0.3 }), batchArrivals(spans, { seed: 7, lose: 0.3 }));
  assert.notDeepEqual(batchArrivals(spans, { seed: 7 }), batchArrivals(spans, { seed: 8 }));
});

test('one by one, spans arrive in any order', () => {
  const spans = Array.from({ length: 20 }, (_, index) => ending((index + 1).toString(16), index + 1));
  const orders = new Set(
    [1, 2, 3].map((seed) => {
      const arrivals = singleArrivals(spans, { seed, millis: 1000 });
      assert.ok(arrivals.every((arrival) => arrival.spans.length === 1 && arrival.at <= at(1020)));
      return idsOf(arrivals).join();
    }),
  );
  assert.equal(orders.size, 3);
});

test('a backend has the spans that have arrived, including duplicates', async () => {
  const clock = new FakeClock(start);
  const one = ending('01', 1);
  const backend = simulatedBackend(clock, [
    { at: at(100), spans: [one] },
    { at: at(200), spans: [one] },
  ]);
  assert.equal((await backend.byID(one.traceID, signal)).status, 'absent');
  clock.millis = 100;
  assert.deepEqual(await backend.byID(one.traceID, signal), { status: 'found', spans: [one] });
  assert.equal((await backend.byID(traceID('b2'), signal)).status, 'absent');
  clock.millis = 200;
  assert.deepEqual(await backend.byID(one.traceID, signal), { status: 'found', spans: [one, one] });
});

test('a search finds complete traces by one span that matches everything', async () => {
  const clock = new FakeClock(start);
  const ours = span({ trace: 'a1', id: '1', attributes: { 'audit-id': 'x' } });
  const etcd = span({ trace: 'a1', id: '2', service: 'etcd' });
  const later = span({ trace: 'b2', id: '3', attributes: { 'audit-id': 'x' }, start: epochNanos(ours.start + 5n) });
  const backend = simulatedBackend(clock, [{ at: start, spans: [ours, etcd, later] }]);
  const query = { service: 'apiserver', from: ours.start, to: later.start, limit: 5 };
  const search = async (more: object): Promise<readonly Span[]> => {
    const lookup = await backend.search({ ...query, ...more }, signal);
    return lookup.status === 'found' ? lookup.spans : [];
  };
  assert.deepEqual(await search({ attributes: { 'audit-id': 'x' } }), [later, ours, etcd]);
  assert.deepEqual(await search({ attributes: { 'audit-id': 'x' }, limit: 1 }), [later]);
  assert.deepEqual(await search({ attributes: { 'audit-id': 'x' }, to: ours.start }), [ours, etcd]);
  assert.deepEqual(await search({ attributes: { 'audit-id': 'y' } }), []);
  assert.deepEqual(await search({ service: 'etcd', attributes: { 'audit-id': 'x' } }), []);
  assert.deepEqual(await search({ operation: 'List' }), []);
});
