import type { TraceID } from '../../trace/ids.ts';
import type { Span } from '../../trace/span.ts';
import type { EpochNanos } from '../../trace/time.ts';
import { mergeInto, type SpansByKey } from './merge.ts';

/** Every span that some look-up has brought, and when each trace last gained something. */
export class SpanCollection {
  readonly #traces = new Map<TraceID, SpansByKey>();
  readonly #changedAt = new Map<TraceID, EpochNanos>();
  readonly #lists = new Map<TraceID, readonly Span[]>();

  /** True when something was new. */
  add(spans: readonly Span[], now: EpochNanos): boolean {
    const changed = mergeInto(this.#traces, spans);
    for (const id of changed) {
      this.#changedAt.set(id, now);
      this.#lists.delete(id);
    }
    return changed.size > 0;
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
