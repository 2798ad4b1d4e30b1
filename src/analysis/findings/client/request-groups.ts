import { textAttribute } from '../../attributes.ts';
import type { PlacedSpan } from '../../../trace/trace.ts';
import { LIMITS } from '../thresholds.ts';
import type { TraceIndex } from '../trace-index.ts';

/** The client's requests by a key; requests without a key are omitted. */
export function requestGroups(
  index: TraceIndex,
  keyOf: (span: PlacedSpan) => string | undefined,
): ReadonlyMap<string, readonly PlacedSpan[]> {
  const clients = index.trace.spans.filter(({ source, span }) => source === 'client' && span.kind === 'client');
  const all = Map.groupBy(clients, (span) => keyOf(span) ?? '');
  return new Map([...all].filter(([key]) => key !== ''));
}

/** True for a group of reads that is large enough to be a finding. */
export const areManyReads = (group: readonly PlacedSpan[]): boolean =>
  group.length >= LIMITS.minRepeated && group.every(({ span }) => span.name === 'GET');

export const urlOf = ({ span }: PlacedSpan): string | undefined => textAttribute(span.attributes, 'url.full');
