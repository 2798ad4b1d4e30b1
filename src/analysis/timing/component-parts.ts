import { nanos, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import type { Component } from './component.ts';
import type { ComponentTime } from './component-time.ts';
import { filterName } from '../kubernetes/filters.ts';
import { briefLabelOf, labelOf } from '../kubernetes/label.ts';

/** A part of a component's time, named as briefly as its rows are. */
export interface Part {
  readonly name: string;
  readonly nanos: Nanos;
}

/** Parts of a component's time, the largest first; spans of the same name are one part. */
export function componentParts({ component, spans }: ComponentTime): readonly Part[] {
  return sumByName(spans.map(({ span, nanos: time }) => ({ name: partName(span, component), nanos: time })));
}

/** Those of the same name as one, the largest first. */
export function sumByName(parts: readonly Part[]): readonly Part[] {
  const times = new Map<string, number>();
  for (const { name, nanos: time } of parts) times.set(name, (times.get(name) ?? 0) + time);
  return [...times].map(([name, time]) => ({ name, nanos: nanos(time) })).sort((a, b) => b.nanos - a.nanos);
}

function partName(placed: PlacedSpan, component: Component): string {
  if (filterName(placed) !== undefined) return 'filters';
  const { span, parent } = placed;
  // A webhook is better known by its name than by its address.
  if (component === 'webhook' && span.kind === 'client' && parent !== undefined) return briefLabelOf(parent);
  // On the way to another process and back.
  if (component === 'network' && span.kind === 'client') {
    const label = labelOf(placed);
    return label.at(-2) ?? label[0];
  }
  // A bound is never shown as if it were exact.
  if (placed.source === 'metric' && placed.inferred) return labelOf(placed)[0];
  // The text in brackets is about the whole row, or too long for a part.
  const brief = briefLabelOf(placed);
  const name = brief.endsWith(')') ? withoutBrackets(brief) : brief;
  return name.startsWith(`${component} `) ? name.slice(component.length + 1) : name;
}

function withoutBrackets(text: string): string {
  const index = text.indexOf(' (');
  return index === -1 ? text : text.slice(0, index);
}
