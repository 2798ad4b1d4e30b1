import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { divide } from '../../../src/store/chunks.ts';
import { openForReading, openForWriting } from '../../../src/store/database.ts';
import { TraceReader } from '../../../src/store/trace-reader.ts';
import { TraceRemover } from '../../../src/store/trace-remover.ts';
import { Turns } from '../../../src/store/turns.ts';
import { MoreThanStoreHolds, TraceStore, type Removed } from '../../../src/store/trace-store.ts';
import { TraceCommandError } from '../../../src/errors.ts';
import { parseTraceID, type TraceID } from '../../../src/trace/ids.ts';
import { exportRequest, newTrace, type SentSpan } from '../../support/otlp.ts';

const turns = new Turns();
const folder = mkdtempSync(join(tmpdir(), 'kubectl-trace-store-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFile = (): string => join(folder, `${(files += 1)}.db`);

const MIB = 1024 * 1024;
const HOUR = 3_600_000;
const open = (path = newFile(), maxBytes = 64 * MIB): TraceStore =>
  new TraceStore(path, { maxBytes, maxAgeMillis: 24 * HOUR });

const id = (text: string): TraceID => parseTraceID(text)!;

function keep(store: TraceStore, spans: readonly SentSpan[], nowMillis = 0): Removed {
  store.write(divide(exportRequest(spans)).chunks, nowMillis);
  return store.takeRemoved();
}

const has = (store: TraceStore, trace: string): boolean =>
  new TraceReader(store.database).trace(id(trace)) !== undefined;

const messagesOf = (reader: TraceReader, trace: string): number =>
  [...(reader.trace(id(trace))?.messages ?? [])].length;

suite('the store', () => {
  test('stores a retried request once', () => {
    const store = open();
    const [trace, reader] = [newTrace(), new TraceReader(store.database)];
    const spans = [{ trace, span: 'b7ad6b7169203331' }];
    keep(store, spans);
    keep(store, spans);
    assert.equal(messagesOf(reader, trace), 1);
    keep(store, [{ trace }]);
    assert.equal(messagesOf(reader, trace), 2);
    store.close();
  });

  test('still has its content when it is opened again, for its user only', () => {
    const path = newFile();
    const trace = newTrace();
    const first = open(path);
    keep(first, [{ trace }]);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(`${path}-wal`).mode & 0o777, 0o600);
    first.close();
    const again = open(path);
    assert.ok(has(again, trace));
    assert.deepEqual(new TraceReader(again.database).operations('shop'), [{ name: 'GET /cart', kind: 'server' }]);
    again.close();
  });

  test('can be read by another process while it is written', () => {
    const path = newFile();
    const store = open(path);
    const trace = newTrace();
    const other = openForReading(path);
    keep(store, [{ trace }]);
    assert.equal(messagesOf(new TraceReader(other), trace), 1);
    assert.throws(() => other.exec('DELETE FROM traces'), /readonly/);
    other.close();
    store.close();
  });

  test('of another format, or not a store, is rejected with a hint', () => {
    const path = newFile();
    const store = open(path);
    store.database.exec('PRAGMA user_version = 99');
    store.close();
    for (const attempt of [() => open(path), () => openForReading(path)]) {
      assert.throws(attempt, (error) => {
        assert.ok(error instanceof TraceCommandError);
        assert.match(error.message, /has format 99/);
        assert.match(error.hint ?? '', /--database/);
        return true;
      });
    }
    assert.throws(() => open(import.meta.filename), /cannot be opened: file is not a database/);
  });

  test('of another user is neither read nor written, and neither is one that others can replace', () => {
    const uid = process.geteuid?.() ?? 0;
    const path = newFile();
    open(path).close();
    openForReading(path, uid).close();
    assert.throws(() => openForReading(path, uid + 1), /is not used: .*belongs to another user/);
    const shared = join(dirname(path), 'shared');
    mkdirSync(shared);
    for (const [mode, message] of [
      [0o777, /another user can exchange files in its folder/],
      [0o1777, undefined],
      [0o770, undefined],
    ] as const) {
      chmodSync(shared, mode);
      const attempt = (): void => openForWriting(join(shared, 'traces.db'), 8 * MIB, uid).close();
      if (message === undefined) attempt();
      else assert.throws(attempt, message);
    }
  });
});

suite('when the size bound is reached', () => {
  const big = 'x'.repeat(10_000);

  test('the oldest traces are removed completely and counted, and the file never exceeds it', () => {
    const path = newFile();
    const store = open(path, 8 * MIB);
    const traces = Array.from({ length: 2000 }, newTrace);
    let removed = 0;
    let removedSpans = 0;
    for (const [index, trace] of traces.entries()) {
      const two = [{ trace, attributes: { big } }, { trace }];
      const went = keep(store, two, index);
      removed += went.traces;
      removedSpans += went.spans;
      assert.ok(store.usedBytes <= 8 * MIB);
    }
    const left = traces.map((trace) => has(store, trace));
    const first = left.indexOf(true);
    assert.ok(first > 0);
    assert.equal(removed, first);
    assert.equal(removedSpans, 2 * removed);
    // Nothing between what went and what stayed.
    assert.ok(left.slice(first).every(Boolean));
    // It is used well, too.
    assert.ok(store.usedBytes > 6 * MIB, String(store.usedBytes));
    store.close();
    assert.ok(statSync(path).size <= 8 * MIB);
  });

  test('a trace that still receives spans is not old', () => {
    const store = open(newFile(), 8 * MIB);
    const alive = newTrace();
    keep(store, [{ trace: alive }], 0);
    for (let index = 1; index < 1500; index++) {
      keep(store, [{ trace: newTrace(), attributes: { big } }], index);
      if (index % 100 === 0) keep(store, [{ trace: alive }], index);
    }
    assert.equal(messagesOf(new TraceReader(store.database), alive), 15);
    store.close();
  });

  test('spans that cannot fit are rejected, and the stored ones stay usable', async () => {
    const store = open(newFile(), 4 * MIB);
    const before = newTrace();
    keep(store, [{ trace: before }]);
    const trace = newTrace();
    const huge = Array.from({ length: 600 }, () => ({ trace, attributes: { big } }));
    assert.throws(() => keep(store, huge), MoreThanStoreHolds);
    const small = newTrace();
    keep(store, [{ trace: small }]);
    assert.ok(has(store, small));
    assert.ok(has(store, before), 'nothing was removed for it');
    assert.ok(!has(store, trace));
    assert.deepEqual(await turns.run(new TraceReader(store.database).services()), ['shop']);
    store.close();
  });
});

test('a trace is removed when its newest spans are too old', () => {
  const store = open();
  const [old, young] = [newTrace(), newTrace()];
  keep(store, [{ trace: old }], 0);
  keep(store, [{ trace: young }], 10 * HOUR);
  assert.equal(store.removeOld(24 * HOUR), false);
  assert.deepEqual(store.takeRemoved(), { traces: 0, spans: 0 });
  assert.equal(store.removeOld(25 * HOUR), false);
  assert.deepEqual(store.takeRemoved(), { traces: 1, spans: 1 });
  assert.deepEqual([has(store, old), has(store, young)], [false, true]);
  store.removeOld(60 * HOUR);
  store.removeOld(60 * HOUR);
  assert.deepEqual(new TraceReader(store.database).operations(), []);
  store.close();
});

suite('a search', () => {
  const store = open();
  const reader = new TraceReader(store.database);
  const [cart, failed, slow] = [newTrace(), newTrace(), newTrace()];
  keep(store, [
    { trace: cart, start: 1000n, attributes: { 'audit-id': 'a-1', code: 200n, cached: true } },
    { trace: failed, start: 2000n, failed: true, name: 'POST /cart' },
    { trace: slow, start: 3000n, duration: 5_000_000_000n, kind: 3 },
  ]);
  store.write(divide(exportRequest([{ trace: cart, start: 5000n }], 'billing')).chunks, 0);
  after(() => store.close());
  const all = { service: 'shop', from: 0n, to: 10_000n, limit: 10 };
  const found = async (query: object): Promise<string[]> =>
    (await turns.run(reader.search({ ...all, ...query }))).map(({ traceID }) => traceID);

  test('finds by service, newest first, with every span of the trace', async () => {
    assert.deepEqual(await found({}), [slow, failed, cart]);
    const [trace] = await turns.run(reader.search({ ...all, service: 'billing' }));
    assert.equal([...(trace?.messages ?? [])].length, 2);
  });
  test('finds by name, attributes of any type, status, kind', async () => {
    assert.deepEqual(await found({ operation: 'POST /cart' }), [failed]);
    assert.deepEqual(await found({ attributes: { 'audit-id': 'a-1' } }), [cart]);
    assert.deepEqual(await found({ attributes: { code: '200', cached: 'true' } }), [cart]);
    assert.deepEqual(await found({ attributes: { error: 'true' } }), [failed]);
    assert.deepEqual(await found({ attributes: { 'span.kind': 'client' } }), [slow]);
    assert.deepEqual(await found({ attributes: { 'service.name': 'shop', 'audit-id': 'a-2' } }), []);
  });
  test('finds by time and duration', async () => {
    assert.deepEqual(await found({ from: 2000n }), [slow, failed]);
    assert.deepEqual(await found({ to: 2000n }), [failed, cart]);
    assert.deepEqual(await found({ minDuration: 1_000_000_001n }), [slow]);
    assert.deepEqual(await found({ maxDuration: 1_000_000n }), [failed, cart]);
  });
  test('ends at the limit', async () => assert.deepEqual(await found({ limit: 2 }), [slow, failed]));
  test('lists the services and operations', async () => {
    assert.deepEqual(await turns.run(reader.services()), ['billing', 'shop']);
    assert.deepEqual(reader.operations('shop'), [
      { name: 'GET /cart', kind: 'client' },
      { name: 'GET /cart', kind: 'server' },
      { name: 'POST /cart', kind: 'server' },
    ]);
  });
  test('reads many chunks in slices, each chunk once', async () => {
    const many = open();
    const traces = Array.from({ length: 600 }, newTrace);
    for (const trace of traces) keep(many, [{ trace, start: 7n }]);
    const results = await turns.run(new TraceReader(many.database).search({ ...all, limit: 1000 }));
    assert.deepEqual(new Set(results.map(({ traceID }) => traceID)), new Set(traces));
    assert.equal(results.length, 600);
    many.close();
  });
});

suite('the recent traces', () => {
  const recent = (store: TraceStore, limit: number): string[] =>
    new TraceReader(store.database).recent(limit).map(({ traceID }) => traceID);

  test('are those whose spans arrived last, whenever they began', () => {
    const store = open();
    const [one, other, third] = [newTrace(), newTrace(), newTrace()];
    assert.deepEqual(recent(store, 10), []);
    keep(store, [{ trace: one, start: 3n * 10n ** 18n }], 1000);
    keep(store, [{ trace: other, start: 10n ** 18n }], 2000);
    // Of the same millisecond the one that was stored last comes first.
    keep(store, [{ trace: third }], 2000);
    assert.deepEqual(recent(store, 10), [third, other, one]);
    assert.deepEqual(recent(store, 2), [third, other]);
    keep(store, [{ trace: one }], 3000);
    assert.deepEqual(recent(store, 10), [one, third, other]);
    store.close();
  });

  test('do not include one that is being removed', () => {
    const store = open();
    const [large, small] = [newTrace(), newTrace()];
    for (let part = 0; part < 20; part++) keep(store, [{ trace: large }], 0);
    keep(store, [{ trace: small }], 25 * HOUR);
    assert.deepEqual(recent(store, 10), [small, large]);
    new TraceRemover(store.database).step(HOUR, () => true);
    assert.equal(store.database.prepare('SELECT count(*) AS n FROM chunks').get()?.['n'], 17);
    assert.deepEqual(recent(store, 10), [small]);
    store.close();
  });
});
