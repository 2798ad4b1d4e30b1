import type { EpochNanos } from '../../trace/time.ts';
import type { SpanID, TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import type { SpanSums } from './summing.ts';

/** Draws traces and judges them, as the other commands do. */
export interface Drawing {
  text(traceID: TraceID, spans: readonly Span[]): string | Promise<string>;
  /** For a browser: it reads the spans itself. */
  page(traceID: TraceID): Promise<ServedPage>;
  list(list: TraceList): Promise<ServedPage>;
  /** The list as JSON, for its script. */
  update(list: TraceList): string;
  judge(traceID: TraceID, spans: readonly Span[]): Judgement;
  hasSettled(summary: TraceSummary, now: EpochNanos): boolean;
}

/** Loads what draws. */
export type LoadDrawing = () => Promise<Drawing>;

/** Conclusions from the spans of a trace. */
export interface Judgement {
  /** Undefined where a span has not ended. */
  readonly lastEnd: EpochNanos | undefined;
  /** The findings that a terminal shows. */
  readonly findings: readonly ListedFinding[];
}

export interface ListedFinding {
  readonly headline: string;
  readonly severity: 'info' | 'warning' | 'error';
  /** The span that it is about. */
  readonly spanID: SpanID;
}

/** A line of a list of traces. */
export interface TraceSummary extends SpanSums {
  readonly traceID: TraceID;
  /** When its newest spans came, in milliseconds since the epoch. */
  readonly arrivedMillis: number;
  /** `later`: another list judges it. `too-large`: only its own page does. */
  readonly judgement: Judgement | 'later' | 'too-large';
}

/** The start page. */
export interface TraceList {
  readonly services: readonly string[];
  /** The search as its form sent it, without what was not filled in. */
  readonly query: URLSearchParams;
  readonly limit: number;
  readonly traces: readonly TraceSummary[];
  /** False for the latest traces. */
  readonly isSearch: boolean;
  /** Why the search was refused. */
  readonly problem?: string;
  readonly now: EpochNanos;
}

/** HTML with its Content-Security-Policy. */
export interface ServedPage {
  readonly html: string;
  readonly policy: string;
}
