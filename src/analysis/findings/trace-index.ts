import type { SpanID } from '../../trace/ids.ts';
import { between, nanos, type EpochNanos, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import type { Component } from '../timing/component.ts';
import type { ComponentTime } from '../timing/component-time.ts';
import type { Section } from '../timing/critical-path.ts';
import type { FindingContext, RequestOutcome } from './finding-context.ts';

/** A trace with the results of its analysis, from which findings are drawn. */
export interface AnalysedTrace {
  readonly trace: Trace;
  readonly criticalPath: readonly Section[];
  readonly componentTimes: readonly ComponentTime[];
  /** Component of every span, by `PlacedSpan.index`. */
  readonly component: readonly Component[];
  /** Time of the critical path in which a stream was only open. */
  readonly openNanos: Nanos;
  /** In the trace's order. */
  readonly failed: readonly PlacedSpan[];
}

/** By `PlacedSpan.index`; from infinity to minus infinity for spans that are not on the critical path. */
interface Windows {
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/**
 * Lookups that findings need: spans of the critical path by name, and each span's time on the path. Every table is built
 * on first use, in time linear in the number of spans.
 */
export class TraceIndex {
  readonly trace: Trace;
  readonly context: FindingContext;
  readonly #analysed: AnalysedTrace;
  #windows: Windows | undefined;
  #sections: ReadonlyMap<PlacedSpan, readonly Section[]> | undefined;
  readonly #cache = new Map<unknown, unknown>();
  #named: ReadonlyMap<string, readonly PlacedSpan[]> | undefined;
  #servers: readonly (PlacedSpan | undefined)[] | undefined;
  #requests: readonly (RequestOutcome | undefined)[] | undefined;

  constructor(analysed: AnalysedTrace, context: FindingContext) {
    this.#analysed = analysed;
    this.trace = analysed.trace;
    this.context = context;
  }

  /** Spans of a service on the critical path that have one of the names; in the trace's order for each name. */
  named(service: string, ...names: readonly string[]): readonly PlacedSpan[] {
    this.#named ??= this.#byName();
    return names.flatMap((name) =>
      (this.#named?.get(name) ?? []).filter(({ span }) => span.resource.service === service),
    );
  }

  /** Spans that their processes reported as failed, in the trace's order. */
  failed(): readonly PlacedSpan[] {
    return this.#analysed.failed.filter(({ source }) => source === 'span');
  }

  /** Every span on the critical path, or with such a span below it, in the trace's order. */
  onPath(): readonly PlacedSpan[] {
    return this.once(inOrder);
  }

  /** Result of a function of this index, computed once and shared by findings. */
  once<T>(make: (index: TraceIndex) => T): T {
    if (!this.#cache.has(make)) this.#cache.set(make, make(this));
    return this.#cache.get(make) as T;
  }

  /** True if the span, or a span below it, is on the critical path. */
  isOnPath(span: PlacedSpan): boolean {
    const { from, to } = this.#criticalWindows();
    return (to[span.index] as number) >= (from[span.index] as number);
  }

  /** Time of a span and its descendants on the critical path. It is one contiguous interval. */
  criticalTime(span: PlacedSpan): Nanos {
    return this.criticalTimeWithin(span, -Infinity, Infinity);
  }

  /** The same, between two offsets from the trace's start. Time in which a stream was only open does not count. */
  criticalTimeWithin(span: PlacedSpan, from: number, to: number): Nanos {
    const windows = this.#criticalWindows();
    const [start, end] = [windows.from[span.index] as number, windows.to[span.index] as number];
    const open = this.once(openSections).filter((section) => isWithin(section.span, span));
    const left = open.reduce(
      (sum, section) => {
        const [first, last] = [Math.max(section.from, start), Math.min(section.to, end)];
        return sum - overlap(first, last, from, to);
      },
      overlap(start, end, from, to) as number,
    );
    return nanos(Math.max(0, left));
  }

  /** Duration of the trace without the time in which a stream was only open: shares are of it. */
  get workingTime(): Nanos {
    return nanos(this.trace.duration - this.#analysed.openNanos);
  }

  /** Sections of the critical path in which a stream was only open. */
  open(): readonly Section[] {
    const { component, criticalPath } = this.#analysed;
    return criticalPath.filter(({ span }) => component[span.index] === 'open');
  }

  /** A span's own time on the critical path, without its descendants, between two offsets. */
  ownTimeWithin(span: PlacedSpan, from: number, to: number): Nanos {
    this.#sections ??= this.#bySpan();
    return nanos(
      (this.#sections.get(span) ?? []).reduce((sum, section) => sum + overlap(section.from, section.to, from, to), 0),
    );
  }

  /** Time of a span's event, as an offset from the trace's start. */
  offsetOf(instant: EpochNanos, { clock }: PlacedSpan): Nanos {
    return nanos(between(this.trace.startedAt, instant) + (clock?.nanos ?? 0));
  }

  /** Offset of the first or last event with a name, by the clock to which the span was corrected. */
  eventOffset(placed: PlacedSpan, name: string, which: 'first' | 'last' = 'first'): Nanos | undefined {
    const { events } = placed.span;
    const event =
      which === 'first' ? events.find((other) => other.name === name) : events.findLast((other) => other.name === name);
    return event === undefined ? undefined : this.offsetOf(event.time, placed);
  }

  /** The API server's outermost span above a span: the root of the request in the API server. */
  serverSpanOf(span: PlacedSpan): PlacedSpan | undefined {
    this.#servers ??= nearest(this.trace, (current, above: PlacedSpan | undefined) =>
      current.span.kind === 'server' && current.span.resource.service === 'apiserver' ? (above ?? current) : above,
    );
    return this.#servers[span.index];
  }

  /** The client's record of the request that a span belongs to. */
  requestOf(span: PlacedSpan): RequestOutcome | undefined {
    if (this.#requests === undefined) {
      const known = new Map<SpanID, RequestOutcome>(this.context.requests?.map((request) => [request.spanID, request]));
      this.#requests = nearest(this.trace, (current, above: RequestOutcome | undefined) =>
        current.source === 'client' ? (known.get(current.spanID) ?? above) : above,
      );
    }
    return this.#requests[span.index];
  }

  #criticalWindows(): Windows {
    if (this.#windows !== undefined) return this.#windows;
    const { spans } = this.trace;
    const from = new Float64Array(spans.length).fill(Infinity);
    const to = new Float64Array(spans.length).fill(-Infinity);
    const widen = (index: number, start: number, end: number): void => {
      from[index] = Math.min(from[index] as number, start);
      to[index] = Math.max(to[index] as number, end);
    };
    for (const section of this.#analysed.criticalPath) widen(section.span.index, section.from, section.to);
    // Parents come before their children in `Trace.spans`.
    for (let i = spans.length - 1; i > 0; i--) {
      const parent = (spans[i] as PlacedSpan).parent;
      if (parent !== undefined) widen(parent.index, from[i] as number, to[i] as number);
    }
    this.#windows = { from, to };
    return this.#windows;
  }

  #byName(): ReadonlyMap<string, readonly PlacedSpan[]> {
    return Map.groupBy(this.onPath(), ({ span }) => span.name);
  }

  #bySpan(): ReadonlyMap<PlacedSpan, readonly Section[]> {
    return Map.groupBy(this.#analysed.criticalPath, ({ span }) => span);
  }
}

const openSections = (index: TraceIndex): readonly Section[] => index.open();

/** True for a span itself, and for everything below it. */
function isWithin(span: PlacedSpan, top: PlacedSpan): boolean {
  for (let on: PlacedSpan | undefined = span; on !== undefined; on = on.parent) if (on === top) return true;
  return false;
}

const inOrder = (index: TraceIndex): readonly PlacedSpan[] => index.trace.spans.filter((span) => index.isOnPath(span));

const overlap = (start: number, end: number, from: number, to: number): Nanos =>
  nanos(Math.max(0, Math.min(end, to) - Math.max(start, from)));

/** Result of `of` for every span, by its index. `of` is given the span and its parent's result. */
function nearest<T>(
  trace: Trace,
  of: (span: PlacedSpan, above: T | undefined) => T | undefined,
): readonly (T | undefined)[] {
  const found: (T | undefined)[] = [];
  for (const span of trace.spans)
    found.push(of(span, span.parent === undefined ? undefined : found[span.parent.index]));
  return found;
}
