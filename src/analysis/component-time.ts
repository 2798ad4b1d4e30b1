import { nanos, type Nanos } from '../trace/time.ts';
import { COMPONENTS, type Component } from './component.ts';
import type { Section } from './critical-path.ts';

export interface ComponentTime {
  readonly component: Component;
  readonly nanos: Nanos;
  /** Of the trace's duration, 0 to 1. */
  readonly share: number;
  readonly spanCount: number;
}

/**
 * The critical path's time by component, the largest first. The times are integers and add up to the path's length,
 * which is the trace's duration. Components without a span are left out.
 */
export function componentTimes(sections: readonly Section[], byIndex: readonly Component[]): readonly ComponentTime[] {
  const times = new Map<Component, number>();
  const spans = new Map<Component, number>();
  for (const component of byIndex) spans.set(component, (spans.get(component) ?? 0) + 1);
  let total = 0;
  for (const { span, from, to } of sections) {
    const component = byIndex[span.index] ?? 'other';
    times.set(component, (times.get(component) ?? 0) + (to - from));
    total += to - from;
  }
  return COMPONENTS.filter((component) => spans.has(component))
    .map((component) => {
      const time = times.get(component) ?? 0;
      return {
        component,
        nanos: nanos(time),
        share: total === 0 ? 0 : time / total,
        spanCount: spans.get(component) ?? 0,
      };
    })
    .sort((a, b) => b.nanos - a.nanos);
}
