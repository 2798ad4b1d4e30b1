import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import type { EpochNanos } from '../../trace/time.ts';
import { MAX_BODY_BYTES } from '../../response-bounds.ts';
import { mergeInto, type SpansByKey } from './merge.ts';
import { SpanSizes } from './span-size.ts';

/** Every span that some look-up has brought, and when each trace last gained something. */
export class SpanCollection {
  readonly #traces = new Map<TraceID, SpansByKey>();
  readonly #changedAt = new Map<TraceID, EpochNanos>();
  readonly #lists = new Map<TraceID, readonly Span[]>();
  readonly #sizes = new SpanSizes();

  /** Polls have brought more than one response may hold. Traces grow while they are polled, but not beyond that. */
  get isFull(): boolean {
    return this.#sizes.bytes > MAX_BODY_BYTES;
  }

  add(spans: readonly Span[], now: EpochNanos): void {
    const changed = mergeInto(this.#traces, spans, (span) => this.#sizes.add(span));
    for (const id of changed) {
      this.#changedAt.set(id, now);
      this.#lists.delete(id);
    }
  }

  spansOf(id: TraceID): readonly Span[] {
    let spans = this.#lists.get(id);
    if (spans === undefined) this.#lists.set(id, (spans = [...(this.#traces.get(id)?.values() ?? [])]));
    return spans;
  }

  /** When the trace last gained a span or a fuller version of one; undefined before its first. */
  changedAt(id: TraceID): EpochNanos | undefined {
    return this.#changedAt.get(id);
  }
}
