import fc from 'fast-check';
import { contextsOf, exemplarsOf } from '../../../src/codec/metrics/exemplars.ts';
import { metricFamilies } from '../../../src/codec/metrics/families.ts';
import { totalsOf } from '../../../src/codec/metrics/totals.ts';
import type { LookupFlags } from '../../../src/cli/options/lookup.ts';
import { parseTraceID } from '../../../src/trace/ids.ts';
import { epochNanos, nanos } from '../../../src/trace/time.ts';
import { commandReport } from '../../../src/tracing/command-report.ts';
import { withMeasurement } from '../../../src/tracing/source/metrics/combine.ts';
import { measurementOf } from '../../../src/tracing/source/metrics/measure.ts';
import type { MetricsReading } from '../../../src/tracing/source/metrics/reading.ts';
import { FILTER_DURATION, METRIC_NAMES } from '../../../src/tracing/source/metrics/stages.ts';
import { COMPARED_METRICS } from '../../../src/tracing/source/metrics/total-rows.ts';
import { readRecorded, type Recorded } from '../../lab/metrics/fixture.ts';
import { family, histogram, type SeriesExemplar } from '../../support/metrics.ts';
import { corpusOf } from '../engine/corpus.ts';
import { TEXTS } from '../engine/hostile-values.ts';
import { PROTOBUF_MUTATIONS } from '../engine/mutate-bytes.ts';
import type { OpenTarget, Target } from '../engine/target.ts';
import { openCommands } from './commands.ts';
import { checkRows, clientSpans, IDS, show, storedCommand } from './stored-command.ts';

const TRACE_ID = parseTraceID(IDS.traceID)!;

/** A recorded response as if the stored command had been the one that was measured. */
const aboutCommand = ({ metrics, traceID, requests }: Recorded): Buffer =>
  Buffer.from(
    metrics
      .toString('latin1')
      .replaceAll(traceID, IDS.traceID)
      .replaceAll(requests.at(-1)?.spanID ?? traceID, IDS.spanID),
    'latin1',
  );

/** Other stories have other metrics; the versions differ in their labels. */
const STORIES: readonly string[] = ['create', 'list', 'watch', 'forbidden', 'conversion'];

const recorded = (): readonly Buffer[] =>
  readRecorded()
    .filter(({ kubernetes, story }) => STORIES.includes(story) && (kubernetes === '1.37.2' || story === 'create'))
    .map(aboutCommand);

/** Only the families with exemplars: a mutation is more likely to hit one. */
function withExemplars(metrics: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (const { message } of metricFamilies(metrics)) {
    if (!message.includes(IDS.traceID)) continue;
    const from = message.byteOffset - metrics.byteOffset;
    parts.push(metrics.subarray(from - lengthOfVarint(message.length), from + message.length));
  }
  return Buffer.concat(parts);
}

const lengthOfVarint = (value: number): number => Math.max(1, Math.ceil(value.toString(2).length / 7));

const LABELS =
  'verb resource group type operation name filter priority_level flow_schema host status transformer_prefix ' +
  'transformation_type policy';
const VALUES = 'POST CREATE create admit validate secrets audit authorization OK to-storage global-default';

const label = fc.tuple(
  fc.constantFrom(...LABELS.split(' ')),
  fc.constantFrom(...VALUES.split(' '), ...TEXTS.filter((text) => text.length < 100)),
);
const numbers = fc.constantFrom(0, -1, 1e-9, 0.001, 0.4, 3600, 1e7, 1e15, 1e300, Number.NaN, Infinity, -Infinity);
const exemplar: fc.Arbitrary<SeriesExemplar> = fc.record({
  labels: fc.constantFrom(
    { trace_id: IDS.traceID, span_id: IDS.spanID },
    { trace_id: IDS.traceID, span_id: '00f067aa0ba902b7' },
    { trace_id: 'fedcba9876543210fedcba9876543210', span_id: '00f067aa0ba902b7' },
  ),
  value: numbers,
  seconds: fc.constantFrom(0, 1, 1_795_900_000, 1_796_003_316, 253_402_300_799, 2 ** 40),
  nanos: fc.constantFrom(0, 1, 999_999_999, 1_000_000_000),
});
const series = fc
  .tuple(fc.array(label, { maxLength: 4 }), fc.array(exemplar, { maxLength: 3 }), fc.array(exemplar, { maxLength: 1 }))
  .map(([labels, exemplars, native]) => histogram(Object.fromEntries(labels), exemplars, native));

/** Families that the API server has, with values that it does not have. */
const families = fc
  .array(
    fc
      .tuple(fc.constantFrom(...METRIC_NAMES, ...COMPARED_METRICS), fc.array(series, { maxLength: 4 }))
      .map(([name, all]) => family(name, all)),
    { maxLength: 8 },
  )
  .map((all) => Buffer.concat(all));

const READ = { status: 'read', startedAt: '1795900000.5', tookNanos: nanos(0) } as const;

function readingOf(body: Buffer): MetricsReading | undefined {
  const exemplars = exemplarsOf(body, TRACE_ID);
  const totals = totalsOf(body, COMPARED_METRICS);
  if (exemplars === undefined) return undefined;
  return { ...READ, exemplars, totals: totals ?? [], contexts: contextsOf(body, FILTER_DURATION) };
}

async function openMetrics(): Promise<OpenTarget> {
  const commands = openCommands();
  const before = { reading: readingOf(recorded()[0]!)!, start: epochNanos(1n), end: epochNanos(2n) };
  return {
    close: () => commands.close(),
    feed: async (input) => {
      const last = readingOf(input);
      if (last === undefined) return 'not of the format';
      const { document: _, ...stored } = storedCommand();
      const { requests } = stored;
      const commandStart = stored.command.startTime!;
      const measurement = measurementOf({ last, before, commandStart }, requests, TRACE_ID);
      const looked = withMeasurement({ requests: [], backend: null, serverVersion: null, error: null }, measurement, {
        requests,
        traceID: TRACE_ID,
        flags: { requireComplete: false } as LookupFlags,
        isAwaited: ({ purpose }) => purpose === 'request',
      });
      const report = { ...stored, ...commandReport(requests, clientSpans(stored), looked) };
      return `${checkRows(report)} rows, ${await show(report, input, commands)}`;
    },
  };
}

export const METRICS: Target = {
  name: 'metrics',
  reads: "the API server's metrics in protobuf, to each output of a command",
  corpus: () => [...corpusOf('metrics'), ...recorded(), ...recorded().map(withExemplars)],
  mutations: PROTOBUF_MUTATIONS,
  grammar: families,
  isPure: true,
  open: openMetrics,
};
