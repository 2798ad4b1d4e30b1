import { nanos, type Nanos } from '../../trace/time.ts';
import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import { COMPONENT_ATTRIBUTE } from './component.ts';

/** A part of the critical path: from `from` to `to` (offsets) the command waited for this span's own work. */
export interface Section {
  readonly span: PlacedSpan;
  readonly from: Nanos;
  readonly to: Nanos;
}

/** Rows of this command's requests that say how long a stream was only open, by their request, in the trace's order. */
export function openRows(trace: Trace): ReadonlyMap<PlacedSpan, PlacedSpan> {
  const rows = new Map<PlacedSpan, PlacedSpan>();
  if (!trace.services.has('kubectl-trace')) return rows;
  for (const placed of trace.spans) {
    const { source, parent, span } = placed;
    if (source === 'client' && parent !== undefined && span.attributes[COMPONENT_ATTRIBUTE] === 'open')
      rows.set(parent, placed);
  }
  return rows;
}

/**
 * Gives the own time of the command, as far as a stream was open, to the first stream that was:
 *
 *     command  |--------------------------------------|
 *     watch        |--|................................|     open
 *     GET                      |----|
 *     path     c   w   oooooooo gggg ooooooooooooooooo
 */
export function withOpenTime(
  sections: readonly Section[],
  root: PlacedSpan,
  rows: ReadonlyMap<PlacedSpan, PlacedSpan>,
): readonly Section[] {
  if (rows.size === 0) return sections;
  const open = [...rows.values()].sort((a, b) => a.offset - b.offset);
  const result: Section[] = [];
  let next = 0;
  for (const section of sections) {
    if (section.span !== root) {
      result.push(section);
      continue;
    }
    let from = section.from;
    // Sections are in time order: a stream that ended before one is over for the others too.
    while (next < open.length && endOf(open[next] as PlacedSpan) <= from) next++;
    for (let index = next; index < open.length && from < section.to; index++) {
      const row = open[index] as PlacedSpan;
      if (row.offset >= section.to) break;
      const end = Math.min(endOf(row), section.to);
      if (end <= from) continue;
      if (row.offset > from) result.push({ span: root, from, to: row.offset });
      result.push({ span: row, from: nanos(Math.max(row.offset, from)), to: nanos(end) });
      from = nanos(end);
    }
    if (from < section.to) result.push({ span: root, from, to: section.to });
  }
  return result;
}

const endOf = ({ offset, duration }: PlacedSpan): number => offset + duration;
