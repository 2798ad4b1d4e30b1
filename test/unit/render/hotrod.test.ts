import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import stringWidth from 'string-width';
import { analyse } from '../../../src/analysis/analyse.ts';
import { assembleSpans } from '../../../src/analysis/assemble/assemble-spans.ts';
import { decodeJaeger } from '../../../src/codec/jaeger/jaeger.ts';
import { UNICODE } from '../../../src/render/look.ts';
import { drawScreen } from '../../../src/render/terminal/screen.ts';
import type { Report } from '../../../src/report/report.ts';
import type { Trace } from '../../../src/trace/trace.ts';
import { reportOf } from '../../support/reports.ts';

/** A trace of Jaeger's own example, HotROD 1.62.0, from a real Jaeger: nothing in it is Kubernetes'. */
const file = new URL('../../fixtures/jaeger/hotrod-v1.json', import.meta.url);
const spans = decodeJaeger(JSON.parse(readFileSync(file, 'utf8')))?.spans ?? [];
const trace = assembleSpans(spans) as Trace;
const report: Report = {
  ...reportOf(trace, { requests: [] }),
  shown: { from: 'hotrod-v1.json', waitedNanos: null },
  verdict: null,
};

for (const columns of [80, 120]) {
  test(`hotrod in ${columns} columns`, (t) => {
    const screen = drawScreen(report, { columns, colour: false, glyphs: UNICODE }, stringWidth);
    const golden = fileURLToPath(new URL(`../../golden/hotrod.${columns}.txt`, import.meta.url));
    t.assert.fileSnapshot(screen, golden, { serializers: [String] });
  });
}

test('hotrod: time per service is shown and adds up', () => {
  const times = analyse(trace).displayedTimes;
  assert.deepEqual(
    times.map(({ name }) => name),
    ['mysql', 'redis-manual', 'route', 'network or gateway', 'frontend', 'driver', 'customer'],
  );
  assert.equal(
    times.reduce((sum, { time }) => sum + time.nanos, 0),
    trace.duration,
  );
  assert.ok(Math.abs(times.reduce((sum, { time }) => sum + time.share, 0) - 1) < 1e-9);
});
