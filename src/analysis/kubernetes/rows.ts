import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import type { RowNode } from '../waterfall.ts';
import { filterChain, filterName } from './filters.ts';
import { labelOf } from './label.ts';

interface Building {
  readonly node: RowNode & { readonly children: RowNode[] };
  /** Spans whose rows are to be made yet. */
  readonly below: readonly PlacedSpan[];
}

/**
 * The tree as a person reads it: nested filters are one row beside what they called, and a command that sent one request
 * is one row with it. Every span is in exactly one row. Iterative.
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
  const [only] = root.children;
  const isSingleRequest =
    root.source === 'client' && root.children.length === 1 && only?.source === 'client' && only.span.kind === 'client';
  if (!isSingleRequest) return rowOf(root);
  return { node: { label: labelOf(root), spans: [root, only], children: [] }, below: only.children };
}

/** One row for the filters' own cost, then the rows of what the innermost filter called, as its siblings. */
function filterRows(first: PlacedSpan): Building[] {
  const { filters, names, below } = filterChain(first);
  const label = filters.length === 1 ? ([`filter: ${names[0]}`] as const) : severalFilters(names);
  const node = { label, spans: filters, children: [], folded: true };
  return [{ node, below: [] }, ...below.map((placed) => rowOf(placed))];
}

const severalFilters = (names: readonly string[]): [string, string] => [
  `filters: ${[...new Set(names)].join(', ')}`,
  `filters (${names.length} spans)`,
];
