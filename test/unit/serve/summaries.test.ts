import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Drawing, Judgement, TraceSummary } from '../../../src/serve/query/drawing.ts';
import { divide } from '../../../src/store/chunks.ts';
import type { StoredTrace } from '../../../src/store/trace-reader.ts';
import { Summaries } from '../../../src/serve/query/summaries.ts';
import { parseTraceID } from '../../../src/trace/ids.ts';
import { exportRequest, newTrace, type SentSpan } from '../../support/otlp.ts';

const START = 1_795_478_400_000_000_000n;
const MILLI = 1_000_000n;
const trace = newTrace();
let versions = 0;

/** One trace, whose spans came in these requests. */
function stored(...requests: readonly (readonly Omit<SentSpan, 'trace'>[])[]): StoredTrace {
  const messages = requests.map((spans) => {
    const [chunk] = divide(exportRequest(spans.map((span) => ({ trace, ...span })))).chunks;
    return Buffer.from(chunk!.message);
  });
  return {
    traceID: parseTraceID(trace)!,
    arrivedMillis: 1000,
    version: `1000-${(versions += 1)}`,
    chunks: messages.map((_, index) => BigInt(index)),
    chunk: (id) => messages[Number(id)],
    messages,
  };
}

const JUDGEMENT: Judgement = { lastEnd: undefined, findings: [] };

function summariesOf(
  traces: readonly StoredTrace[],
  { summaries = new Summaries(), judge = () => JUDGEMENT }: { summaries?: Summaries; judge?: Drawing['judge'] } = {},
): { readonly lines: TraceSummary[]; readonly steps: number } {
  const work = summaries.of(traces, judge);
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
    assert.deepEqual(line?.root, { name: 'root', service: 'shop', start: START, status: 'unset' });
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

  test('has a short name where the span has a long one', () => {
    const line = summaryOf(stored([{ name: `${'n'.repeat(199)}😀${'n'.repeat(100_000)}` }]));
    assert.equal(line?.root.name, `${'n'.repeat(199)}…`);
  });
});

suite('the judgement of a trace', () => {
  const many = (count: number): StoredTrace => stored(Array.from({ length: count }, () => ({})));
  const namedOther = (one: StoredTrace): StoredTrace => ({ ...one, traceID: parseTraceID(newTrace())! });

  test('is of all its spans, from every request', () => {
    let judged: readonly string[] = [];
    const judge: Drawing['judge'] = (_, spans) => {
      judged = spans.map(({ name }) => name);
      return JUDGEMENT;
    };
    summariesOf([stored([{ name: 'a' }, { name: 'b' }], [{ name: 'c' }])], { judge });
    assert.deepEqual(judged, ['a', 'b', 'c']);
  });

  test('is made once, and again when more spans have come', () => {
    let count = 0;
    const options = {
      summaries: new Summaries(),
      judge: () => ({ lastEnd: undefined, findings: [], number: (count += 1) }),
    };
    const one = stored([{}]);
    summariesOf([one], options);
    const { steps } = summariesOf([one], options);
    assert.deepEqual([count, steps], [1, 0]);
    summariesOf([{ ...one, version: '2000-2' }], options);
    assert.equal(count, 2);
  });

  test('is not made of more than 1,000 spans, or of very large ones', () => {
    const { lines } = summariesOf([many(1500), stored([{ name: 'n'.repeat(600_000) }])]);
    assert.deepEqual(
      lines.map(({ judgement }) => judgement),
      ['too-large', 'too-large'],
    );
  });

  test('of many traces is made for a part of them by each list', () => {
    const traces = Array.from({ length: 10 }, () => namedOther(many(900)));
    const summaries = new Summaries();
    const judged = (): number =>
      summariesOf(traces, { summaries }).lines.filter(({ judgement }) => judgement !== 'later').length;
    assert.deepEqual([judged(), judged(), judged()], [6, 10, 10]);
  });

  test('is cached for the last 2,000 traces', () => {
    let count = 0;
    const options = {
      summaries: new Summaries(),
      judge: () => {
        count++;
        return JUDGEMENT;
      },
    };
    const one = stored([{}]);
    const traces = Array.from({ length: 2001 }, () => namedOther(one));
    summariesOf(traces, options);
    summariesOf(traces.slice(1), options);
    assert.equal(count, 2001);
    summariesOf(traces.slice(0, 1), options);
    assert.equal(count, 2002);
  });
});
