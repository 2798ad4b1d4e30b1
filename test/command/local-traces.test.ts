import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { defaultDatabase, readServeState, writeServeState, type ServeState } from '../../src/command/serve-state.ts';
import { keptTraces, runningServe } from '../../src/command/local-traces.ts';
import { divide } from '../../src/store/chunks.ts';
import { TraceStore } from '../../src/store/trace-store.ts';
import type { Runtime } from '../../src/runtime.ts';
import { parseTraceID } from '../../src/trace/ids.ts';
import { testRuntime } from '../kube/fixture.ts';
import { exportRequest, newTrace } from '../support/otlp.ts';
import { startTestServing } from '../support/serving.ts';

function place(t: TestContext): Runtime {
  const home = mkdtempSync(join(tmpdir(), 'kubectl-trace-home-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  return testRuntime({ home });
}

const signal = new AbortController().signal;

function storeWith(path: string): string {
  const trace = newTrace();
  const store = new TraceStore(path, { maxBytes: 2 ** 24, maxAgeMillis: 1e9 });
  store.write(divide(exportRequest([{ trace }])).chunks, 0);
  store.close();
  return trace;
}

test('nothing is known where nothing was ever kept', async (t) => {
  const runtime = place(t);
  assert.equal(await runningServe(runtime), undefined);
  assert.equal(await keptTraces(runtime), undefined);
});

test('a serve that runs is found by what it noted, by its user alone', async (t) => {
  const runtime = place(t);
  const serving = await startTestServing(t);
  const state: ServeState = { instance: 'test', pid: 1, url: serving.queryURL, database: serving.database };
  await writeServeState(state, runtime);
  assert.deepEqual(await readServeState(runtime), state);
  const file = join(runtime.home, '.local', 'state', 'kubectl-trace', 'serve.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(await runningServe(runtime), { kind: 'local', url: serving.queryURL });
  writeFileSync(file, 'cut off {');
  assert.equal(await readServeState(runtime), undefined);
});

test('somebody else at its port is not taken for it: what was kept is read instead', async (t) => {
  const runtime = place(t);
  const serving = await startTestServing(t);
  const database = join(runtime.home, 'elsewhere.db');
  const trace = storeWith(database);
  await writeServeState({ instance: 'an earlier one', pid: 1, url: serving.queryURL, database }, runtime);
  assert.equal(await runningServe(runtime), undefined);
  const backend = await keptTraces(runtime);
  assert.match(backend?.url ?? '', /^file:.*elsewhere\.db$/);
  const lookup = await backend?.byID(parseTraceID(trace)!, signal);
  assert.equal(lookup?.status === 'found' && lookup.spans.length, 1);
});

test('what was kept at the usual place is read, searched, and left as it is', async (t) => {
  const runtime = place(t);
  const trace = storeWith(defaultDatabase(runtime));
  const backend = await keptTraces(runtime);
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
