import type { SpanID, TraceID } from './ids.ts';
import type { Span } from './span.ts';
import type { EpochNanos, Nanos } from './time.ts';

/**
 * Where a row of the tree comes from: a span of the backend, the API server's metrics, audit log or log, our own measurement,
 * time that no span covers, or (for pods) an event or a condition.
 */
export type SpanSource = 'span' | 'metric' | 'audit' | 'log' | 'client' | 'gap' | 'event' | 'condition';

/** Whether a process reported the row itself: as a span, or in one of the other sources of its times. */
export const isReported = (source: SpanSource): boolean => source === 'span' || isOtherSource(source);

/** An exemplar of a metric, an event of the audit log, or a line of the log. */
export const isOtherSource = (source: SpanSource): boolean =>
  source === 'metric' || source === 'audit' || source === 'log';

/**
 * How well the times of a row are known: `exact`, an upper bound (`at-most`), a length without a position
 * (`length-only`), or `inferred` from what lies around it.
 */
export const PRECISIONS = ['exact', 'at-most', 'length-only', 'inferred'] as const;
export type Precision = (typeof PRECISIONS)[number];

/** How far the clock of a process is off, measured by calls between it and another process. In nanoseconds. */
export interface ClockOffset {
  /** The process, and the one that called it and whose clock it was measured by, by their services. */
  readonly service: string;
  readonly caller: string;
  /** By how much it is ahead of its caller's, at the least and at the most; negative where it is behind. */
  readonly lowest: Nanos;
  readonly highest: Nanos;
}

/** Correction added to the times of a process's spans, so that they fit into the calls that caused them. */
export interface ClockCorrection {
  /** Total from the trace's root. */
  readonly nanos: Nanos;
  /** Measured offset of this process's clock, or of the process which it follows. */
  readonly offset: ClockOffset;
}

/** A span on its way into a trace, with what the tool knows beyond what its process reported. */
export interface TraceInput {
  readonly span: Span;
  readonly source: SpanSource;
  /** Not measured by a span: drawn and named as such. */
  readonly inferred: boolean;
  /** Where it is not the usual one of its source. */
  readonly precision?: Precision | undefined;
  /** Where the tree differs from the report: another parent, other times. The report stays in `span`. */
  readonly parent?: Span;
  readonly start?: EpochNanos;
  readonly end?: EpochNanos;
  /** Whether it has ended, where that is known from elsewhere than its times. */
  readonly ended?: boolean;
  /** Correction of its start, its end, and its events, where its process's clock is off. */
  readonly clock?: ClockCorrection | undefined;
}

/** A span in its place in a trace. */
export interface PlacedSpan {
  readonly span: Span;
  readonly source: SpanSource;
  readonly inferred: boolean;
  readonly precision: Precision | undefined;
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
  /** Never negative. Of a span that has not ended, the time that it took at the least: up to the end of what is below it. */
  readonly duration: Nanos;
  /** False where no end was reported, or one that cannot be: how long it took is not known. */
  readonly ended: boolean;
  /** True when parent or times differ from what the process reported. */
  readonly moved: boolean;
  /** Already in `offset`; to be added to the times of its events. */
  readonly clock: ClockCorrection | undefined;
}

/**
 * - `orphan`: its parent is not among the spans; it is a root.
 * - `duplicate`: it came more than once; its versions were merged, the most complete one first.
 * - `cycle`: it was its own ancestor; it is a root.
 * - `not-ended`: no end was reported; it is as long as what is below it.
 * - `negative-duration`: it ends before it starts, by a clock that was set back; as if it had not ended.
 * - `out-of-range`: its times are 104 days or more away from the trace's start; it has no duration.
 * - `far-from-root`: it began long after all that is near the root, or ended long before it; drawn beside the axis.
 * - `several-roots`: it is one of them; a root above them was inferred.
 * - `clock-offset`: its process's clock is off; its times were corrected. One note for each clock that was measured.
 */
export const NOTE_CODES = [
  'orphan',
  'duplicate',
  'cycle',
  'not-ended',
  'negative-duration',
  'out-of-range',
  'far-from-root',
  'several-roots',
  'clock-offset',
] as const;
export type NoteCode = (typeof NOTE_CODES)[number];

/** An imperfection of the data that is reported to the user. */
export interface TraceNote {
  readonly code: NoteCode;
  readonly spanIDs: readonly SpanID[];
  /** Offset of a `clock-offset` note. */
  readonly clock?: ClockOffset;
}

/** Spans as one tree. Its time axis begins at the root's start and its duration is the root's. */
export interface Trace {
  readonly traceID: TraceID;
  readonly startedAt: EpochNanos;
  readonly duration: Nanos;
  readonly root: PlacedSpan;
  /** Whose processes reported spans, or inferred ones stand for. */
  readonly services: ReadonlySet<string>;
  /** Depth first, siblings by start; the root is the first. */
  readonly spans: readonly PlacedSpan[];
  readonly notes: readonly TraceNote[];
}
