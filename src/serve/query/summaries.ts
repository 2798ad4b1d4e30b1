import { SpanCursor } from '../../codec/otlp/span-cursor.ts';
import type { StoredTrace } from '../../store/trace-reader.ts';
import type { Steps } from '../../store/turns.ts';
import type { TraceID } from '../../trace/ids.ts';
import type { Drawing, TraceSummary } from './drawing.ts';
import { Summing } from './summing.ts';

/** Lines that are cached: a kilobyte each. */
const MAX_CACHED = 2000;
/** Spans that are judged for one list: a fraction of a second. Traces of an API server have 10 to 30. */
const JUDGED_SPANS = 5000;

/** The lines of lists of traces. A trace is looked at once, and again only when more of its spans have come. */
export class Summaries {
  readonly #cached = new Map<TraceID, { readonly version: string; readonly summary: TraceSummary }>();

  /** Without the traces that have been removed meanwhile. */
  *of(traces: readonly StoredTrace[], judge: Drawing['judge']): Steps<TraceSummary[]> {
    const lines: TraceSummary[] = [];
    let left = JUDGED_SPANS;
    for (const trace of traces) {
      const known = this.#cached.get(trace.traceID);
      const isKnown = known?.version === trace.version && (known.summary.judgement !== 'later' || left <= 0);
      const summary = isKnown ? known.summary : yield* summarized(trace, left > 0 ? judge : undefined);
      if (summary === undefined) continue;
      if (!isKnown && summary.judgement !== 'later') left -= summary.spans;
      this.#cache(trace, summary);
      lines.push(summary);
    }
    return lines;
  }

  /** The lines that no list has shown for the longest make room. */
  #cache({ traceID, version }: StoredTrace, summary: TraceSummary): void {
    this.#cached.delete(traceID);
    this.#cached.set(traceID, { version, summary });
    const [oldest] = this.#cached.keys();
    if (this.#cached.size > MAX_CACHED && oldest !== undefined) this.#cached.delete(oldest);
  }
}

/** Undefined where the trace has been removed meanwhile. */
function* summarized(trace: StoredTrace, judge: Drawing['judge'] | undefined): Steps<TraceSummary | undefined> {
  const { traceID, arrivedMillis } = trace;
  const summing = new Summing(judge !== undefined);
  for (const id of trace.chunks) {
    const cursor = new SpanCursor();
    while (!summing.isFull && summing.step(trace.chunk(id), cursor)) yield;
    yield;
    if (summing.isFull) break;
  }
  const { sums, spans } = summing;
  if (sums === undefined) return undefined;
  const judgement =
    judge === undefined && !sums.isPartial ? 'later' : spans === undefined ? 'too-large' : judge?.(traceID, spans);
  return { traceID, arrivedMillis, ...sums, judgement: judgement ?? 'later' };
}
