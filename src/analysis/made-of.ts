import { nanos, type Nanos } from '../trace/time.ts';
import type { ComponentTime } from './component-time.ts';
import { filterName } from './kubernetes/filters.ts';
import { labelOf } from './kubernetes/label.ts';

/** A part of a component's time, named as briefly as its rows are. */
export interface Part {
  readonly name: string;
  readonly nanos: Nanos;
}

/** What a component's time is made of, the largest first; spans of the same name are one part. */
export function madeOf({ component, spans }: ComponentTime): readonly Part[] {
  const times = new Map<string, number>();
  for (const { span, nanos: time } of spans) {
    const label = labelOf(span);
    const name = filterName(span) === undefined ? (label.at(-1) as string) : 'filters';
    times.set(name, (times.get(name) ?? 0) + time);
  }
  return [...times]
    .map(([name, time]) => ({ name: withoutService(name, component), nanos: nanos(time) }))
    .sort((a, b) => b.nanos - a.nanos);
}

/** The line says already which component it is. */
const withoutService = (name: string, component: string): string =>
  name.startsWith(`${component} `) ? name.slice(component.length + 1) : name;
