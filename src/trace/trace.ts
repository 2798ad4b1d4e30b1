import type { SpanID, TraceID } from './ids.ts';
import type { Span } from './span.ts';
import type { EpochNanos, Nanos } from './time.ts';

/**
 * Where a row of the tree comes from: a span of the backend, our own measurement, time that no span covers,
 * or (for pods) an event or a condition.
 */
export type SpanSource = 'span' | 'client' | 'gap' | 'event' | 'condition';

/** A span on its way into a trace, with what the tool knows beyond what its process reported. */
export interface TraceInput {
  readonly span: Span;
  readonly source: SpanSource;
  /** Not measured by a span: drawn and named as such. */
  readonly inferred: boolean;
  /** Where the tree differs from the report: another parent, other times. The report stays in `span`. */
  readonly parent?: Span;
  readonly start?: EpochNanos;
  readonly end?: EpochNanos;
}

/** A span in its place in a trace. */
export interface PlacedSpan {
  readonly span: Span;
  readonly source: SpanSource;
  readonly inferred: boolean;
  readonly traceID: TraceID;
  readonly spanID: SpanID;
  /** Position in `Trace.spans`. */
  readonly index: number;
  readonly depth: number;
  readonly parent: PlacedSpan | undefined;
  /** By start, the longer first, then as they came. */
  readonly children: readonly PlacedSpan[];
  /** From the trace's start; negative when the span started before the root. */
  readonly offset: Nanos;
  /** Never negative: a span that ends before it starts, or whose times cannot be, gets 0 and a note. */
  readonly duration: Nanos;
  /** True when parent or times differ from what the process reported. */
  readonly moved: boolean;
}

/**
 * - `orphan`: its parent is not among the spans; it is a root.
 * - `duplicate`: a second span of the same identity and kind was dropped.
 * - `cycle`: it was its own ancestor; it is a root.
 * - `negative-duration`: it ends before it starts; it has no duration.
 * - `out-of-range`: its times are 104 days or more away from the trace's start; it has no duration.
 * - `several-roots`: it is one of them; a root above them was inferred.
 */
export type NoteCode = 'orphan' | 'duplicate' | 'cycle' | 'negative-duration' | 'out-of-range' | 'several-roots';

/** An imperfection of the data that the user is told about. */
export interface TraceNote {
  readonly code: NoteCode;
  readonly spanIDs: readonly SpanID[];
}

/** Spans as one tree. Its time axis begins at the root's start and its duration is the root's. */
export interface Trace {
  readonly traceID: TraceID;
  readonly startedAt: EpochNanos;
  readonly duration: Nanos;
  readonly root: PlacedSpan;
  /** Depth first, siblings by start; the root is the first. */
  readonly spans: readonly PlacedSpan[];
  readonly notes: readonly TraceNote[];
}
