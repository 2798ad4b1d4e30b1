import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { executable } from '../lab/cluster/build.ts';
import { otlpLoad } from '../lab/cluster/versions.ts';
import { cleanHome } from '../support/kubectl-trace.ts';
import { findAll, peakMemory, reportSpans } from '../support/otlp-load.ts';
import { startServe } from '../support/serve.ts';
import { startTestServing } from '../support/serving.ts';
import { openForWriting } from '../../src/store/database.ts';

/** OpenTelemetry's own exporter for Go, for some seconds; `npm run bench:serve` does it for a minute. */
const home = cleanHome();
after(() => home.remove());
const database = join(home.path, 'traces.db');
let program: string;
before(async () => {
  program = await executable(otlpLoad);
});

for (const bound of ['512Mi', '8Mi']) {
  test(`spans acknowledged to a Go exporter can be found, with --max-size ${bound}`, async () => {
    const serve = await startServe(home.path, { args: ['--max-size', bound, '--database', database] });
    const reporting = reportSpans(program, serve.otlp, { rate: 10_000, seconds: 5 });
    const { result, peak } = await peakMemory(serve.pid, reporting);
    const response = await fetch(`${serve.query}/kubectl-trace/serve`);
    const { removedTraces } = (await response.json()) as { removedTraces: number };
    assert.equal(await serve.end(), 0);
    assert.equal(result.failed, 0);
    assert.equal(result.acknowledgedSpans, result.made);
    const found = findAll(database, result.acknowledged);
    assert.equal(found.cut, 0);
    // Nothing is removed but what is counted; what the larger store had goes before.
    if (bound === '512Mi') assert.deepEqual([found.missing, removedTraces], [0, 0]);
    else assert.ok(removedTraces > 0 && found.missing <= removedTraces && found.whole > 0, JSON.stringify(found));
    assert.ok(peak < 300e6, `${Math.round(peak / 1e6)} MB`);
  });
}

test('a Go exporter retries on a retryable error, and no spans are lost', async (t) => {
  const serving = await startTestServing(t);
  // Whoever holds the file keeps others from writing it.
  const other = openForWriting(serving.database, 2 ** 26);
  other.exec('BEGIN IMMEDIATE');
  const reporting = reportSpans(program, serving.otlp[0]!, { rate: 1000, seconds: 0.5 });
  while (serving.counts.busy === 0) await sleep(20);
  other.exec('ROLLBACK');
  other.close();
  const result = await reporting;
  assert.deepEqual([result.failed, result.acknowledgedSpans], [0, result.made]);
  const { whole } = findAll(serving.database, result.acknowledged);
  assert.equal(whole, result.acknowledged.size);
  assert.equal(serving.counts.storedSpans, result.made);
});
