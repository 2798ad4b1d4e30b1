import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { writeJSON } from '../../../src/report/json.ts';
import { buildTrace } from '../../../src/trace/build.ts';
import type { Trace, TraceInput } from '../../../src/trace/trace.ts';
import { dirtySpans } from '../../support/dirty-spans.ts';
import { drawTrace } from '../../support/draw-trace.ts';
import { reportOf } from '../../support/reports.ts';
import { parseDocument } from '../../support/schema.ts';
import { span } from '../../support/spans.ts';

test('the JSON document of any trace matches the schema, and has every span', () => {
  fc.assert(
    fc.property(dirtySpans, (inputs) => {
      const trace = buildTrace(inputs) as Trace;
      const document = parseDocument(writeJSON(reportOf(trace)));
      assert.equal(document.trace?.spans.length, trace.spans.length);
      const total = document.summary?.components.reduce((sum, { nanos }) => sum + nanos, 0);
      assert.equal(total, document.trace?.durationNanos);
    }),
    { numRuns: 200 },
  );
});

test('JSON spans are depth first with their position, self time and component', () => {
  const trace = drawTrace(`
    GET@kubectl-trace:client        |-------------|
      GET@apiserver:server             |-------|
  `);
  const { spans } = parseDocument(writeJSON(reportOf(trace))).trace ?? { spans: [] };
  assert.deepEqual(
    spans.map((one) => [one.service, one.startOffsetNanos, one.durationNanos, one.selfNanos, one.component]),
    [
      ['kubectl-trace', 0, 14, 6, 'network-or-gateway'],
      ['apiserver', 3, 8, 8, 'apiserver'],
    ],
  );
});

test('a JSON document of 100,000 levels is written', () => {
  const inputs = Array.from({ length: 100_000 }, (_, i): TraceInput => {
    const parent = i === 0 ? {} : { parent: i.toString(16) };
    return { span: span({ id: (i + 1).toString(16), ...parent }), source: 'span', inferred: false };
  });
  const document = JSON.parse(writeJSON(reportOf(buildTrace(inputs)))) as { trace: { spanCount: number } };
  assert.equal(document.trace.spanCount, 100_000);
});
