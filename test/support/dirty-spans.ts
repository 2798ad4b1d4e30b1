import fc from 'fast-check';
import type { SpanKind } from '../../src/trace/span.ts';
import { epochNanos } from '../../src/trace/time.ts';
import type { TraceInput } from '../../src/trace/trace.ts';
import { span } from './spans.ts';

const KINDS: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer'];
const SERVICES = ['apiserver', 'etcd', 'kubectl-trace', 'containerd', 'someone-else'];
const NAMES = [
  'List',
  'audit',
  'authorization',
  'Call mutating webhook',
  'HTTP POST',
  'etcdserverpb.KV/Txn',
  'txn',
  'x',
];

const id = (max: number): fc.Arbitrary<string> => fc.integer({ min: 1, max }).map((n) => n.toString(16));

/** Mostly moments close together, so that spans touch, overlap and contain one another; sometimes no sensible time. */
const moment: fc.Arbitrary<bigint> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc.integer({ min: 0, max: 40 }).map((offset) => 1_795_478_400_000_000_000n + BigInt(offset)),
  },
  { weight: 1, arbitrary: fc.constantFrom(0n, 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n) },
);

/**
 * Spans of one trace or two with everything that can be wrong with them: the same identity twice, parents that do not
 * exist or are below their own children, ends before starts, no times, several roots.
 */
export const dirtySpans: fc.Arbitrary<readonly TraceInput[]> = fc
  .integer({ min: 1, max: 24 })
  .chain((count) =>
    fc.array(
      fc.record({
        trace: fc.constantFrom('a1', 'a1', 'a1', 'b2'),
        id: id(count * 2),
        parent: fc.option(id(count * 2 + 2), { nil: undefined, freq: 6 }),
        kind: fc.constantFrom(...KINDS),
        service: fc.constantFrom(...SERVICES),
        name: fc.constantFrom(...NAMES),
        start: moment,
        end: moment,
      }),
      { minLength: 1, maxLength: count },
    ),
  )
  .map((parts) =>
    parts.map(({ trace, id: own, parent, kind, service, name, start, end }): TraceInput => ({
      span: span({
        trace,
        id: own,
        ...(parent === undefined ? {} : { parent }),
        kind,
        service,
        name,
        start: epochNanos(start),
        end: epochNanos(end),
      }),
      source: 'span',
      inferred: false,
    })),
  );
