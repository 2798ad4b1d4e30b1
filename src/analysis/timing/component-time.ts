import { nanos, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import { COMPONENTS, type Component } from './component.ts';
import type { Section } from './critical-path.ts';

/** A span's part of the critical path: all its sections together. */
export interface SpanTime {
  readonly span: PlacedSpan;
  readonly nanos: Nanos;
}

export interface ComponentTime {
  readonly component: Component;
  readonly nanos: Nanos;
  /** Share of the trace's duration without the time in which a stream was open, 0 to 1. */
  readonly share: number;
  /** Spans of that time, in the path's order. */
  readonly spans: readonly SpanTime[];
}

/**
 * The critical path's time by component, the largest first. The times are integers and add up to the path's length,
 * which is the trace's duration, without the time in which a stream was open. `components` is by `PlacedSpan.index`; those without a span are left out.
 */
export function componentTimes(
  sections: readonly Section[],
  components: readonly Component[],
): readonly ComponentTime[] {
  // By index; below zero where the span has no section yet.
  const times = new Float64Array(components.length).fill(-1);
  const onPath: PlacedSpan[] = [];
  let total = 0;
  for (const { span, from, to } of sections) {
    const time = times[span.index] as number;
    if (time < 0) onPath.push(span);
    times[span.index] = Math.max(0, time) + (to - from);
    if (components[span.index] !== 'open') total += to - from;
  }
  const byComponent = new Map<Component, SpanTime[]>();
  for (const component of components) if (!byComponent.has(component)) byComponent.set(component, []);
  for (const span of onPath) {
    byComponent.get(components[span.index] ?? 'other')?.push({ span, nanos: nanos(times[span.index] as number) });
  }
  return COMPONENTS.flatMap((component): ComponentTime[] => {
    const spans = byComponent.get(component);
    if (spans === undefined || component === 'open') return [];
    const time = spans.reduce((sum, one) => sum + one.nanos, 0);
    return [{ component, nanos: nanos(time), share: total === 0 ? 0 : time / total, spans }];
  }).sort((a, b) => b.nanos - a.nanos);
}

/** Time of the critical path in which a stream was open and nothing else was waited for. */
export function openTime(sections: readonly Section[], components: readonly Component[]): Nanos {
  const open = sections.filter(({ span }) => components[span.index] === 'open');
  return nanos(open.reduce((sum, { from, to }) => sum + to - from, 0));
}
