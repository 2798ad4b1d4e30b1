import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { divide } from '../../../src/store/chunks.ts';
import type { StoredTrace } from '../../../src/store/trace-reader.ts';
import { summaries, type TraceSummary } from '../../../src/serve/query/summary.ts';
import { parseTraceID } from '../../../src/trace/ids.ts';
import { exportRequest, newTrace, type SentSpan } from '../../support/otlp.ts';

const START = 1_795_478_400_000_000_000n;
const MILLI = 1_000_000n;
const trace = newTrace();

/** One trace, whose spans came in these requests. */
function stored(...requests: readonly (readonly Omit<SentSpan, 'trace'>[])[]): StoredTrace {
  const messages = requests.map((spans) => {
    const [chunk] = divide(exportRequest(spans.map((span) => ({ trace, ...span })))).chunks;
    return Buffer.from(chunk!.message);
  });
  return {
    traceID: parseTraceID(trace)!,
    chunks: messages.map((_, index) => BigInt(index)),
    chunk: (id) => messages[Number(id)],
    messages,
  };
}

function summariesOf(traces: readonly StoredTrace[]): { readonly lines: TraceSummary[]; readonly steps: number } {
  const work = summaries(traces);
  for (let steps = 0; ; steps++) {
    const { done, value } = work.next();
    if (done === true) return { lines: value, steps };
  }
}

const summaryOf = (one: StoredTrace): TraceSummary | undefined => summariesOf([one]).lines[0];

suite('the line of a trace', () => {
  test('is its root, and the time from its first start to its last end', () => {
    const line = summaryOf(
      stored(
        [{ span: '00000000000000b2', parent: '00000000000000a1', name: 'child', start: START - MILLI, failed: true }],
        [{ span: '00000000000000a1', name: 'root', start: START, duration: 5n * MILLI }],
      ),
    );
    assert.deepEqual(line?.root, { name: 'root', service: 'shop', start: START, status: { code: 'unset' } });
    assert.equal(line.durationNanos, 6_000_000);
    assert.deepEqual([line.spans, line.failedSpans, line.isPartial], [2, 1, false]);
  });

  test('is the earliest span where the root has not arrived', () => {
    const line = summaryOf(
      stored([
        { parent: '00000000000000a1', name: 'second', start: START + MILLI },
        { parent: '00000000000000a1', name: 'first', start: START },
      ]),
    );
    assert.equal(line?.root.name, 'first');
  });

  test('does not end with a span without an end, or with one whose clock was set back', () => {
    const open = summaryOf(stored([{ start: START, duration: -START }]));
    assert.equal(open?.durationNanos, 0);
    const setBack = summaryOf(stored([{ start: START, duration: -5n * MILLI }, { start: START + MILLI }]));
    assert.equal(setBack?.durationNanos, 2_000_000);
  });

  test('is of the first 1,000 spans of a larger trace, and says so', () => {
    const spans = Array.from({ length: 1500 }, (_, index) => ({ start: START + BigInt(index) * MILLI }));
    const { lines, steps } = summariesOf([stored(spans)]);
    assert.equal(lines[0]?.isPartial, true);
    assert.ok(lines[0].spans >= 1000 && lines[0].spans < 1100, `${lines[0].spans} spans`);
    // Other work gets its turn between the steps.
    assert.ok(steps > 50, `${steps} steps`);
  });

  test('is missing where the trace was removed meanwhile', () => {
    const removed = { ...stored([{}]), chunk: () => undefined };
    assert.deepEqual(
      summariesOf([removed, stored([{ name: 'left' }])]).lines.map(({ root }) => root.name),
      ['left'],
    );
  });
});
