import { deriveSpanID } from '../../trace/ids.ts';
import type { Attributes, Span } from '../../trace/span.ts';
import type { EpochNanos } from '../../trace/time.ts';
import type { SpanSource, TraceInput } from '../../trace/trace.ts';
import { COMPONENT_ATTRIBUTE, type Component } from './component.ts';
import { SHORT_LABEL_ATTRIBUTE } from '../kubernetes/label.ts';

/** A row that no process reported: the client's own measurement, or time that no process measured. */
export interface UnreportedTime {
  readonly parent: Span;
  /** Unique among the rows of one parent. */
  readonly key: string;
  readonly name: string;
  /** The name's shorter wording. */
  readonly short: string;
  readonly start: EpochNanos;
  readonly end: EpochNanos;
  readonly component: Component;
  /** A `gap` is inferred. */
  readonly source: Extract<SpanSource, 'client' | 'gap'>;
}

export function unreported({ parent, key, name, short, start, end, component, source }: UnreportedTime): TraceInput {
  const attributes: Attributes = { [COMPONENT_ATTRIBUTE]: component, [SHORT_LABEL_ATTRIBUTE]: short };
  const span: Span = {
    traceID: parent.traceID,
    spanID: deriveSpanID(parent.spanID, key),
    parentSpanID: parent.spanID,
    name,
    kind: 'internal',
    start,
    end,
    status: { code: 'unset' },
    attributes,
    events: [],
    links: [],
    resource: parent.resource,
  };
  return { span, source, inferred: source === 'gap', parent };
}
