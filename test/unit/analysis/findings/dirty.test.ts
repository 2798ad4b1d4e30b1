import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { analyse } from '../../../../src/analysis/analyse.ts';
import { FINDINGS } from '../../../../src/analysis/findings/index.ts';
import { MIN_TRACE_DURATION, type Threshold } from '../../../../src/analysis/findings/thresholds.ts';
import { buildTrace } from '../../../../src/trace/build.ts';
import type { Attributes, SpanEvent } from '../../../../src/trace/span.ts';
import { epochNanos, type EpochNanos } from '../../../../src/trace/time.ts';
import type { Trace, TraceInput } from '../../../../src/trace/trace.ts';
import { dirtySpans } from '../../../support/dirty-spans.ts';

/** The finding about authorization needs a filter right above a handler: its name is drawn more often, for a few in each run. */
const NAMES = [
  ...Array.from({ length: 5 }, () => 'authorization'),
  'List',
  'SerializeObject',
  'priorityandfairness',
  'authentication',
  'Call mutating webhook',
  'Call conversion webhook',
  'HTTP POST',
  'etcdserverpb.KV/Txn',
  'etcdserverpb.KV/Range',
  'txn',
  'List(recursive=true) etcd3',
  'GuaranteedUpdate etcd3',
  'cacher.GetList',
  'TransformFromStorage with envelopeTransformer',
];

const EVENTS = [
  'Send raft proposal',
  'Receive raft result',
  'Retry value restored',
  'watchCache fresh enough',
  'Filtered items',
  'About to start writing response',
  'Write call succeeded',
  'About to decrypt DEK using remote service',
];

const attributes: fc.Arbitrary<Attributes> = fc.record(
  {
    'http.target': fc.constantFrom('/api/v1/nodes', '/api/v1/nodes?limit=5', '//[', '?limit=%', ''),
    'http.response.status_code': fc.constantFrom(200, 404, 500, Number.NaN),
    webhook: fc.constantFrom('a', '$(b)', ''),
    configuration: fc.constantFrom('c', "d'"),
    count: fc.constantFrom(0, 499, 500, 2 ** 60, 'many'),
    size: fc.constantFrom(0, 2 ** 30, -1, 'large'),
  },
  { requiredKeys: [] },
);

const START = 1_795_478_400_000_000_000n;
/** The columns of dirty spans become hundredths of a second, so that there is something to find. */
const stretched = (time: EpochNanos): EpochNanos =>
  time >= START && time <= START + 40n ? epochNanos(START + (time - START) * 10_000_000n) : time;

const trace = fc
  .tuple(
    dirtySpans,
    fc.array(fc.constantFrom(...NAMES), { minLength: 24, maxLength: 24 }),
    fc.array(attributes, { minLength: 24, maxLength: 24 }),
    fc.array(fc.tuple(fc.constantFrom(...EVENTS), fc.integer({ min: -2, max: 42 })), { maxLength: 24 }),
  )
  .map(
    ([inputs, names, all, events]) =>
      buildTrace(
        inputs.map((input, i): TraceInput => ({
          ...input,
          span: {
            ...input.span,
            name: names[i] ?? '',
            attributes: all[i] ?? {},
            start: stretched(input.span.start),
            end: stretched(input.span.end),
            events: events.map(([name, at], e): SpanEvent => ({
              name,
              time: epochNanos(START + BigInt(at) * 10_000_000n),
              attributes: all[(i + e) % 24] ?? {},
            })),
          },
        })),
      ) as Trace,
  );

const thresholds = new Map(FINDINGS.map(({ id, threshold }) => [id, threshold]));

test('findings for any spans stay within the trace and above their thresholds', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(trace, (built) => {
      const { findings, onCriticalPath } = analyse(built);
      for (const { id, nanos, share, spans, title, command } of findings) {
        seen.add(id);
        const threshold = thresholds.get(id) as Threshold;
        assert.ok(Number.isSafeInteger(nanos) && nanos >= threshold.nanos && nanos <= built.duration, `${id} ${nanos}`);
        assert.ok(share >= threshold.share && share <= 1, `${id} ${share}`);
        assert.ok(threshold.nanos === 0 || built.duration >= MIN_TRACE_DURATION, id);
        assert.ok(threshold.nanos === 0 || spans.every(({ index }) => onCriticalPath.has(index)), id);
        assert.ok(new Set(spans).size === spans.length, id);
        assert.doesNotMatch(title, /NaN|undefined|Infinity/);
        assert.doesNotMatch(command ?? '', /\$\(b\)|d'/);
      }
    }),
    { numRuns: 3000 },
  );
  for (const id of ['failure', 'slow-webhook', 'priority-queueing', 'slow-authorization', 'list-from-etcd'])
    assert.ok(seen.has(id), `${id} was never found, so nothing was checked about it`);
});
