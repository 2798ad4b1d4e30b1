import type { SpanID } from '../../trace/ids.ts';
import { between, nanos, type EpochNanos, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import type { ComponentTime } from '../timing/component-time.ts';
import type { Section } from '../timing/critical-path.ts';
import type { FindingFacts, RequestOutcome } from './context.ts';

/** What findings are made from. */
export interface Subject {
  readonly trace: Trace;
  readonly criticalPath: readonly Section[];
  readonly componentTimes: readonly ComponentTime[];
  /** In the trace's order. */
  readonly failed: readonly PlacedSpan[];
}

/** By `PlacedSpan.index`: from infinity to minus infinity for spans without a part of the critical path. */
interface Windows {
  readonly from: Float64Array;
  readonly to: Float64Array;
}

/**
 * A trace in the order in which findings ask about it: spans of the critical path by name, and how much of the path a
 * span has. Everything is linear in spans, and computed when it is first asked for.
 */
export class Evidence {
  readonly trace: Trace;
  readonly facts: FindingFacts;
  readonly #subject: Subject;
  #windows: Windows | undefined;
  #sections: ReadonlyMap<PlacedSpan, readonly Section[]> | undefined;
  readonly #kept = new Map<unknown, unknown>();
  #named: ReadonlyMap<string, readonly PlacedSpan[]> | undefined;
  #servers: readonly (PlacedSpan | undefined)[] | undefined;
  #requests: readonly (RequestOutcome | undefined)[] | undefined;

  constructor(subject: Subject, facts: FindingFacts) {
    this.#subject = subject;
    this.trace = subject.trace;
    this.facts = facts;
  }

  /** Spans of a service on the critical path, by their names; in the trace's order for each name. */
  named(service: string, ...names: readonly string[]): readonly PlacedSpan[] {
    this.#named ??= this.#byName();
    return names.flatMap((name) =>
      (this.#named?.get(name) ?? []).filter(({ span }) => span.resource.service === service),
    );
  }

  /** Spans that failed by what their processes reported, in the trace's order. */
  failed(): readonly PlacedSpan[] {
    return this.#subject.failed.filter(({ source }) => source === 'span');
  }

  /** Every span of the critical path, or with such a span below it, in the trace's order. */
  onPath(): readonly PlacedSpan[] {
    return this.once(inOrder);
  }

  /** What a function makes of this evidence, made when it is first asked for: several findings look at the same. */
  once<T>(make: (evidence: Evidence) => T): T {
    if (!this.#kept.has(make)) this.#kept.set(make, make(this));
    return this.#kept.get(make) as T;
  }

  /** Has the span a part of the critical path, itself or below it? */
  isOnPath(span: PlacedSpan): boolean {
    const { from, to } = this.#criticalWindows();
    return (to[span.index] as number) >= (from[span.index] as number);
  }

  /** The part of the critical path that a span and everything below it have. It is one stretch of time. */
  criticalTime(span: PlacedSpan): Nanos {
    return this.criticalTimeWithin(span, -Infinity, Infinity);
  }

  /** The same, between two offsets from the trace's start. */
  criticalTimeWithin(span: PlacedSpan, from: number, to: number): Nanos {
    const windows = this.#criticalWindows();
    return overlap(windows.from[span.index] as number, windows.to[span.index] as number, from, to);
  }

  /** The part of the critical path that is a span's own work, between two offsets. */
  ownTimeWithin(span: PlacedSpan, from: number, to: number): Nanos {
    this.#sections ??= this.#bySpan();
    return nanos(
      (this.#sections.get(span) ?? []).reduce((sum, section) => sum + overlap(section.from, section.to, from, to), 0),
    );
  }

  /** When an event of a span was, as an offset from the trace's start. */
  offsetOf(instant: EpochNanos, { clock }: PlacedSpan): Nanos {
    return nanos(between(this.trace.startedAt, instant) + (clock?.nanos ?? 0));
  }

  /** The offset of the first event of a name, or of the last, by the clock that the span was corrected to. */
  eventOffset(placed: PlacedSpan, name: string, which: 'first' | 'last' = 'first'): Nanos | undefined {
    const { events } = placed.span;
    const event =
      which === 'first' ? events.find((one) => one.name === name) : events.findLast((one) => one.name === name);
    return event === undefined ? undefined : this.offsetOf(event.time, placed);
  }

  /** The API server's outermost span above a span: its root of the request. */
  serverSpanOf(span: PlacedSpan): PlacedSpan | undefined {
    this.#servers ??= nearest(this.trace, (one, above: PlacedSpan | undefined) =>
      one.span.kind === 'server' && one.span.resource.service === 'apiserver' ? (above ?? one) : above,
    );
    return this.#servers[span.index];
  }

  /** What the client knows of the request that a span belongs to. */
  requestOf(span: PlacedSpan): RequestOutcome | undefined {
    if (this.#requests === undefined) {
      const known = new Map<SpanID, RequestOutcome>(this.facts.requests?.map((one) => [one.spanID, one]));
      this.#requests = nearest(this.trace, (one, above: RequestOutcome | undefined) =>
        one.source === 'client' ? (known.get(one.spanID) ?? above) : above,
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
    for (const section of this.#subject.criticalPath) widen(section.span.index, section.from, section.to);
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
    return Map.groupBy(this.#subject.criticalPath, ({ span }) => span);
  }
}

const inOrder = (evidence: Evidence): readonly PlacedSpan[] =>
  evidence.trace.spans.filter((span) => evidence.isOnPath(span));

const overlap = (start: number, end: number, from: number, to: number): Nanos =>
  nanos(Math.max(0, Math.min(end, to) - Math.max(start, from)));

/** For every span, by its index, what `of` makes of it and of what was made of its parent. */
function nearest<T>(
  trace: Trace,
  of: (span: PlacedSpan, above: T | undefined) => T | undefined,
): readonly (T | undefined)[] {
  const found: (T | undefined)[] = [];
  for (const span of trace.spans)
    found.push(of(span, span.parent === undefined ? undefined : found[span.parent.index]));
  return found;
}
