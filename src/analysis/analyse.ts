import type { Nanos } from '../trace/time.ts';
import type { PlacedSpan, Trace } from '../trace/trace.ts';
import { components, type Component } from './component.ts';
import { componentTimes, type ComponentTime } from './component-time.ts';
import { criticalPath, type Section } from './critical-path.ts';
import { selfTimes } from './self-time.ts';

/** A trace and everything that is concluded from it. Arrays are by `PlacedSpan.index`. */
export interface Analysis {
  readonly trace: Trace;
  readonly self: readonly Nanos[];
  readonly component: readonly Component[];
  readonly criticalPath: readonly Section[];
  /** Indices of the spans that have a section of the critical path, or a span below them that has one. */
  readonly onCriticalPath: ReadonlySet<number>;
  readonly componentTimes: readonly ComponentTime[];
}

export function analyse(trace: Trace): Analysis {
  const component = components(trace);
  const sections = criticalPath(trace);
  return {
    trace,
    self: selfTimes(trace),
    component,
    criticalPath: sections,
    onCriticalPath: withAncestors(sections),
    componentTimes: componentTimes(sections, component),
  };
}

function withAncestors(sections: readonly Section[]): ReadonlySet<number> {
  const indices = new Set<number>();
  for (const { span } of sections) {
    for (let on: PlacedSpan | undefined = span; on !== undefined && !indices.has(on.index); on = on.parent) {
      indices.add(on.index);
    }
  }
  return indices;
}
