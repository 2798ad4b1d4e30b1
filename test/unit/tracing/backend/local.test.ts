import assert from 'node:assert/strict';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import {
  defaultDatabase,
  readServeState,
  removeServeState,
  writeServeState,
  type ServeState,
} from '../../../../src/tracing/backend/serve-state.ts';
import { storedTraces, runningServe } from '../../../../src/tracing/backend/local.ts';
import { divide } from '../../../../src/store/chunks.ts';
import { TraceStore } from '../../../../src/store/trace-store.ts';
import type { Runtime } from '../../../../src/runtime.ts';
import { parseTraceID } from '../../../../src/trace/ids.ts';
import { testRuntime } from '../../kube/fixture.ts';
import { exportRequest, newTrace } from '../../../support/otlp.ts';
import { SECRET, startTestServing } from '../../../support/serving.ts';

function place(t: TestContext): Runtime {
  const home = mkdtempSync(join(tmpdir(), 'kubectl-trace-home-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  return testRuntime({ home });
}

const stateFileOf = ({ home }: Runtime): string => join(home, '.local', 'state', 'kubectl-trace', 'serve.json');
/** Only root can give a file to another user. */
const NOT_ROOT = process.getuid?.() === 0 ? false : 'needs root';

const signal = new AbortController().signal;

function storeWith(path: string): string {
  const trace = newTrace();
  const store = new TraceStore(path, { maxBytes: 2 ** 24, maxAgeMillis: 1e9 });
  store.write(divide(exportRequest([{ trace }])).chunks, 0);
  store.close();
  return trace;
}

test('local: there is no backend if nothing was ever stored', async (t) => {
  const runtime = place(t);
  assert.equal(await runningServe(runtime), undefined);
  assert.equal(await storedTraces(runtime), undefined);
});

test('local: a running serve is found through its state file, which is private to its user', async (t) => {
  const runtime = place(t);
  const serving = await startTestServing(t);
  const state: ServeState = { secret: SECRET, pid: 1, url: serving.queryURL, database: serving.database };
  await writeServeState(state, runtime);
  assert.deepEqual(readServeState(runtime), state);
  const file = stateFileOf(runtime);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(await runningServe(runtime), { kind: 'local', url: serving.queryURL });
  writeFileSync(file, 'cut off {');
  assert.equal(readServeState(runtime), undefined);
});

test('local: another program at the port is not used, and the stored traces are read instead', async (t) => {
  const runtime = place(t);
  const serving = await startTestServing(t);
  const database = join(runtime.home, 'elsewhere.db');
  const trace = storeWith(database);
  await writeServeState({ secret: 'b2'.repeat(32), pid: 1, url: serving.queryURL, database }, runtime);
  assert.equal(await runningServe(runtime), undefined);
  const backend = await storedTraces(runtime);
  assert.match(backend?.url ?? '', /^file:.*elsewhere\.db$/);
  const lookup = await backend?.byID(parseTraceID(trace)!, signal);
  assert.equal(lookup?.status === 'found' && lookup.spans.length, 1);
});

suite("local: another user's program at the port of an ended serve is not used", () => {
  const impostors: readonly (readonly [does: string, body: (url: string, real: string) => Promise<object>])[] = [
    ['repeat what everybody could read', async () => ({ instance: 'a', pid: 1, version: '1', keptSpans: 0 })],
    ['send no proof that is one', async () => ({ proof: '0'.repeat(64) })],
    [
      'pass the challenge on to the serve that runs now',
      async (url, real) => Object(await (await fetch(real + url)).json()) as object,
    ],
  ];
  for (const [does, body] of impostors) {
    test(does, async (t) => {
      const runtime = place(t);
      const serving = await startTestServing(t);
      const impostor = createServer((request, response) => {
        void body(request.url ?? '', serving.queryURL).then((answer) => response.end(JSON.stringify(answer)));
      });
      t.after(() => impostor.close());
      await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(impostor.address() as AddressInfo).port}`;
      await writeServeState({ secret: SECRET, pid: 1, url, database: serving.database }, runtime);
      assert.equal(await runningServe(runtime), undefined);
    });
  }
});

test('local: an endless response at the port of an ended serve is not read to the end', async (t) => {
  const runtime = place(t);
  let sent = 0;
  const closed = Promise.withResolvers<void>();
  const impostor = createServer((_request, response) => {
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const pour = (): void => {
      for (let goesOn = true; goesOn && !response.destroyed; sent += chunk.length) goesOn = response.write(chunk);
    };
    response.on('drain', pour).on('close', () => closed.resolve());
    pour();
  });
  t.after(() => impostor.close());
  await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(impostor.address() as AddressInfo).port}`;
  await writeServeState({ secret: SECRET, pid: 1, url, database: join(runtime.home, 'traces.db') }, runtime);
  assert.equal(await runningServe(runtime), undefined);
  await closed.promise;
  // The sockets of both sides hold some of it.
  assert.ok(sent < 32 * 1024 * 1024, `${sent} bytes were taken`);
});

test('local: a serve removes only its own state file when it ends', async (t) => {
  const runtime = place(t);
  const state: ServeState = { secret: SECRET, pid: 1, url: 'http://127.0.0.1:1', database: '/nowhere' };
  const later = { ...state, secret: 'b2'.repeat(32) };
  await writeServeState(later, runtime);
  removeServeState(state, runtime);
  assert.deepEqual(readServeState(runtime), later);
  removeServeState(later, runtime);
  assert.ok(!existsSync(stateFileOf(runtime)));
});

suite('local: a state file that another user may have written or read is ignored', () => {
  const state: ServeState = { secret: SECRET, pid: 1, url: 'http://127.0.0.1:1', database: '/nowhere' };
  test('local: a state file writable by others', async (t) => {
    const runtime = place(t);
    await writeServeState(state, runtime);
    chmodSync(stateFileOf(runtime), 0o666);
    assert.equal(readServeState(runtime), undefined);
  });
  test('local: a state file owned by another user', { skip: NOT_ROOT }, async (t) => {
    const runtime = place(t);
    await writeServeState(state, runtime);
    chownSync(stateFileOf(runtime), 65_534, 65_534);
    assert.equal(readServeState(runtime), undefined);
  });
});

test('local: the default store is read and searched, and not changed', async (t) => {
  const runtime = place(t);
  const trace = storeWith(defaultDatabase(runtime));
  const backend = await storedTraces(runtime);
  assert.equal(backend?.kind, 'local');
  assert.equal(backend.traceURL(parseTraceID(trace)!), null);
  const window = { service: 'shop', from: 0n as never, to: (2n ** 62n) as never, limit: 5 };
  const found = await backend.search(window, signal);
  assert.equal(found.status === 'found' && found.spans[0]?.traceID, trace);
  assert.deepEqual(await backend.search({ ...window, service: 'nobody' }, signal), { status: 'absent' });
  assert.deepEqual(await backend.byID(parseTraceID(newTrace())!, signal), { status: 'absent' });
  writeFileSync(defaultDatabase(runtime), 'not a database, but long enough to look at it'.repeat(100));
  const broken = await backend.byID(parseTraceID(trace)!, signal);
  assert.equal(broken.status, 'failed');
});
