import { nanos, type Nanos } from '../trace/time.ts';
import type { PlacedSpan, Trace } from '../trace/trace.ts';
import { hasFailed } from './attributes.ts';
import { components, type Component } from './timing/component.ts';
import { componentTimes, openTime, type ComponentTime } from './timing/component-time.ts';
import { criticalPath, type Section } from './timing/critical-path.ts';
import type { FindingContext } from './findings/finding-context.ts';
import { findings, displayedFindings } from './findings/index.ts';
import type { Finding } from './findings/finding.ts';
import { largestPart } from './findings/largest-part.ts';
import { selfTimes } from './timing/self-time.ts';
import { displayedTimes, type DisplayedTime } from './timing/displayed-times.ts';

/** A trace and everything that is concluded from it. Arrays are by `PlacedSpan.index`. */
export interface Analysis {
  readonly trace: Trace;
  readonly self: readonly Nanos[];
  readonly component: readonly Component[];
  /** In the trace's order. */
  readonly failed: readonly PlacedSpan[];
  readonly criticalPath: readonly Section[];
  /** Indices of the spans that have a section of the critical path, or a span below them that has one. */
  readonly onCriticalPath: ReadonlySet<number>;
  readonly componentTimes: readonly ComponentTime[];
  readonly displayedTimes: readonly DisplayedTime[];
  /** Time of the critical path in which a stream was only open: it belongs to no component. */
  readonly openNanos: Nanos;
  /** Failures first, then what would save most. */
  readonly findings: readonly Finding[];
  /** The single part that has more than half of the time, where there is one and nothing was found: words for it. */
  readonly largestPart: string | null;
}

export function analyse(trace: Trace, context: FindingContext = {}): Analysis {
  const component = components(trace);
  const sections = criticalPath(trace);
  const failed = trace.spans.filter(({ span }) => hasFailed(span));
  const times = componentTimes(sections, component);
  const openNanos = openTime(sections, component);
  const subject = { trace, component, criticalPath: sections, componentTimes: times, openNanos, failed };
  const found = findings(subject, context);
  const displayed = displayedTimes(times);
  return {
    ...subject,
    displayedTimes: displayed,
    self: selfTimes(trace),
    onCriticalPath: withAncestors(sections),
    findings: found,
    largestPart:
      displayedFindings(found).length === 0 ? largestPart(nanos(trace.duration - openNanos), displayed, context) : null,
  };
}

function withAncestors(sections: readonly Section[]): ReadonlySet<number> {
  const indices = new Set<number>();
  for (const { span } of sections) {
    for (
      let ancestor: PlacedSpan | undefined = span;
      ancestor !== undefined && !indices.has(ancestor.index);
      ancestor = ancestor.parent
    ) {
      indices.add(ancestor.index);
    }
  }
  return indices;
}
