import { counted } from '../../format/counted.ts';
import { tableOf } from '../../format/table-of.ts';
import { nanosFromMillis } from '../../trace/time.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import type { Label, RowNode } from '../rows/row-node.ts';
import { ownIntervals } from '../timing/self-time.ts';
import { AUTHORIZATION_OR_HANDLER, filterChain, filterName, mayBeHandler } from './filters.ts';

/** A filter with at least this much own time, and this share of the total, is shown separately. */
const MIN_SEPARATE_NANOS = nanosFromMillis(10);
const MIN_SEPARATE_SHARE = 0.1;

/** Reason why a filter takes long: it waits for something. */
const LABELS: Readonly<Record<string, Label>> = tableOf({
  queue: ['waiting in a queue (priorityandfairness)', 'queue (priorityandfairness)', 'queue'],
  authz: ['authorization', 'authz'],
  authn: ['authentication', 'authn'],
});

/** One row for the filters' own cost, one for each that is slow or not separable, and what the innermost of them called. */
export function filterRows(
  first: PlacedSpan,
  total: number,
): { readonly rows: readonly RowNode[]; readonly below: readonly PlacedSpan[] } {
  const { filters, below } = filterChain(first);
  const separate = filters.filter((filter) => mayBeHandler(filter) || isSlow(filter, total));
  const quick = separate.length === 0 ? filters : filters.filter((filter) => !separate.includes(filter));
  const rows = separate.map((filter) => folded(separateLabel(filter), [filter]));
  return { rows: quick.length === 0 ? rows : [folded(quickLabel(quick), quick), ...rows], below };
}

function isSlow(filter: PlacedSpan, total: number): boolean {
  // Most filters are quick, and every filter of a trace of many requests is checked.
  if (filter.duration < MIN_SEPARATE_NANOS || filter.duration < MIN_SEPARATE_SHARE * total) return false;
  const own = ownIntervals(filter).reduce((sum, { from, to }) => sum + to - from, 0);
  return own >= MIN_SEPARATE_NANOS && own >= MIN_SEPARATE_SHARE * total;
}

const folded = (label: Label, spans: readonly PlacedSpan[]): RowNode => ({
  label,
  brief: label.at(-1) as string,
  spans,
  children: [],
  folded: true,
});

function separateLabel(filter: PlacedSpan): Label {
  if (mayBeHandler(filter)) return [AUTHORIZATION_OR_HANDLER, 'authz or handler'];
  const name = filterName(filter) as string;
  return LABELS[name] ?? [`filter: ${name}`, name];
}

function quickLabel(filters: readonly PlacedSpan[]): Label {
  const names = filters.map((filter) => filterName(filter) as string);
  if (names.length === 1) return [`filter: ${names[0]}`, names[0] as string];
  return [`filters: ${[...new Set(names)].join(', ')}`, `filters (${counted(names.length, 'span')})`, 'filters'];
}
