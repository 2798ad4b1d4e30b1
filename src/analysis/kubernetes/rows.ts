import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import type { RowNode } from '../waterfall.ts';
import { filterChain, filterName } from './filters.ts';
import { labelOf } from './label.ts';

interface Building {
  readonly node: RowNode & { readonly children: RowNode[] };
  readonly below: readonly PlacedSpan[];
}

/**
 * The tree as a person reads it: nested filters are one row beside the handler, and a command that sent one request is
 * one row with it. Every span is in exactly one row. Iterative.
 */
export function kubernetesRows(trace: Trace): RowNode {
  const top = rootRow(trace.root);
  const stack: Building[] = [top];
  for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
    for (const child of one.below) {
      const rows = filterName(child) === undefined ? [rowOf(child)] : filterRows(child);
      for (const row of rows) {
        one.node.children.push(row.node);
        stack.push(row);
      }
    }
  }
  return top.node;
}

function rowOf(placed: PlacedSpan): Building {
  return { node: { label: labelOf(placed), spans: [placed], children: [] }, below: placed.children };
}

/** The command's span and the client span of its only request: the same time, told once, under the command's name. */
function rootRow(root: PlacedSpan): Building {
  const [only, ...others] = root.children;
  const isSingleRequest =
    root.source === 'client' &&
    only !== undefined &&
    others.length === 0 &&
    only.span.kind === 'client' &&
    only.source === 'client';
  if (!isSingleRequest) return rowOf(root);
  return { node: { label: labelOf(root), spans: [root, only], children: [] }, below: only.children };
}

/** One row for the filters' own cost, then the rows of what the innermost filter called, as its siblings. */
function filterRows(first: PlacedSpan): Building[] {
  const { filters, below } = filterChain(first);
  const names = filters.map((filter) => filterName(filter) ?? filter.span.name);
  const label = filters.length === 1 ? `filter: ${names[0]}` : `filters: ${names.join(', ')}`;
  const node = {
    label: [label, `filters (${filters.length} spans)`] as const,
    spans: filters,
    children: [],
    folded: true,
  };
  return [{ node, below: [] }, ...below.map((placed) => rowOf(placed))];
}
