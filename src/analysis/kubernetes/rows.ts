import type { PlacedSpan, Trace } from '../../trace/trace.ts';
import type { Label, RowNode } from '../row-node.ts';
import { filterRows } from './filter-rows.ts';
import { filterName } from './filters.ts';
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
    const pending = one.below.toReversed();
    for (let child = pending.pop(); child !== undefined; child = pending.pop()) {
      if (filterName(child) === undefined) {
        const row = rowOf(child);
        one.node.children.push(row.node);
        stack.push(row);
      } else {
        // What the innermost filter called comes beside the filters.
        const { rows, below } = filterRows(child, trace.duration);
        one.node.children.push(...rows);
        for (let i = below.length - 1; i >= 0; i--) pending.push(below[i] as PlacedSpan);
      }
    }
  }
  return top.node;
}

/** Named after its first span, when somebody asks: of many rows few are drawn. */
class SpanRow implements RowNode {
  readonly spans: readonly [PlacedSpan, ...PlacedSpan[]];
  readonly children: RowNode[] = [];

  constructor(spans: readonly [PlacedSpan, ...PlacedSpan[]]) {
    this.spans = spans;
  }

  get label(): Label {
    return labelOf(this.spans[0]);
  }
}

function rowOf(placed: PlacedSpan): Building {
  return { node: new SpanRow([placed]), below: placed.children };
}

/** The command's span and the client span of its only request: the same time, told once, under the command's name. */
function rootRow(root: PlacedSpan): Building {
  const [only] = root.children;
  const isSingleRequest =
    root.source === 'client' && root.children.length === 1 && only?.source === 'client' && only.span.kind === 'client';
  if (!isSingleRequest) return rowOf(root);
  return { node: new SpanRow([root, only]), below: only.children };
}
