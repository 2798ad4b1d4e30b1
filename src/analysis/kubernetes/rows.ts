import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import type { Label, RowNode } from '../rows/row-node.ts';
import { filterRows } from './filter-rows.ts';
import { filterName, hasFilters } from './filters.ts';
import { briefLabelOf, labelOf } from './label.ts';
import { measuredRows } from './measured-rows.ts';

/**
 * The tree as a person reads it: nested filters are one row beside what they called, and a command that sent one request
 * is one row with it. Every span is in exactly one row. Iterative.
 */
export function kubernetesRows(trace: Trace): RowNode {
  const top = rootRow(trace.root);
  const stack = [top];
  // Only an API server has filters: of other traces no span has to be looked at.
  const add = hasFilters(trace) ? addRows : addRow;
  for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
    const { children } = row.spans.at(-1) as PlacedSpan;
    const isMeasured = children.some(({ source }) => source === 'metric');
    if (isMeasured) addMeasured(children, row, stack, trace.duration);
    else for (const child of children) add(child, row, stack, trace.duration);
  }
  return top;
}

function addRow(placed: PlacedSpan, above: SpanRow, stack: SpanRow[]): void {
  const row = new SpanRow([placed]);
  above.add(row);
  if (placed.children.length > 0) stack.push(row);
}

/** Adds the row of a span to the row above it; of filters theirs, and beside them what the innermost of them called. */
function addRows(placed: PlacedSpan, above: SpanRow, stack: SpanRow[], total: number): void {
  const pending = [placed];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (filterName(next) === undefined) addRow(next, above, stack);
    else {
      const { rows, below } = filterRows(next, total);
      for (const row of rows) above.add(row);
      for (let i = below.length - 1; i >= 0; i--) pending.push(below[i] as PlacedSpan);
    }
  }
}

/** Stages from metrics follow one another; a row of several stands where the first of them does. */
function addMeasured(children: readonly PlacedSpan[], above: SpanRow, stack: SpanRow[], whole: number): void {
  const { rows, rest } = measuredRows(children, whole);
  const pending = [...rows];
  for (const child of rest) {
    while (pending[0] !== undefined && (pending[0].spans[0] as PlacedSpan).index < child.index) {
      above.add(pending.shift() as RowNode);
    }
    addRow(child, above, stack);
  }
  for (const row of pending) above.add(row);
}

/** Most rows have none. */
const NO_ROWS: RowNode[] = [];

/** Named after its first span, and only on demand: few of many rows are drawn. */
class SpanRow implements RowNode {
  readonly spans: readonly [PlacedSpan, ...PlacedSpan[]];
  children: readonly RowNode[] = NO_ROWS;

  constructor(spans: readonly [PlacedSpan, ...PlacedSpan[]]) {
    this.spans = spans;
  }

  add(child: RowNode): void {
    if (this.children === NO_ROWS) this.children = [child];
    else (this.children as RowNode[]).push(child);
  }

  get label(): Label {
    return labelOf(this.spans[0]);
  }

  get brief(): string {
    return briefLabelOf(this.spans[0]);
  }
}

/** The command's span and the client span of its only request: the same time, shown once, under the command's name. */
function rootRow(root: PlacedSpan): SpanRow {
  const [only] = root.children;
  const isSingleRequest =
    root.source === 'client' && root.children.length === 1 && only?.source === 'client' && only.span.kind === 'client';
  return new SpanRow(isSingleRequest ? [root, only] : [root]);
}
