import type { Analysis } from '../../src/analysis/analyse.ts';
import { kubernetesRows } from '../../src/analysis/kubernetes/rows.ts';
import type { RowFilter } from '../../src/analysis/rows/filter.ts';
import type { RowNode } from '../../src/analysis/rows/row-node.ts';
import type { PodLifecycle } from '../../src/pod/lifecycle.ts';
import { podRows } from '../../src/pod/rows.ts';
import { analyseLifecycle, shownPodRows } from '../../src/render/pod/shown-rows.ts';
import { shownRows, type ShownRows } from '../../src/render/terminal/shown-rows.ts';
import type { PlacedSpan } from '../../src/trace/trace.ts';

/** A trace as the terminal draws it: the rows are made by the same functions. */
export interface Picture {
  readonly analysis: Analysis;
  /** Every row, before anything is folded. */
  readonly root: RowNode;
  /** The rows of a view; those below `root` alone, where it is given. */
  readonly rows: (filter: RowFilter, root?: RowNode) => ShownRows;
  /** Rows of a pod's timeline have no own time to show. */
  readonly hasSelf: boolean;
}

export function tracePicture(analysis: Analysis): Picture {
  const root = kubernetesRows(analysis.trace);
  return { analysis, root, hasSelf: true, rows: (filter, from = root) => shownRows(analysis, filter, from) };
}

export function podPicture(lifecycle: PodLifecycle): Picture {
  const analysis = analyseLifecycle(lifecycle);
  const root = podRows(analysis.trace);
  return { analysis, root, hasSelf: false, rows: (filter, from = root) => shownPodRows(analysis, filter, from) };
}

/** The row that a span is in; undefined where no row shows it, as of the runtime's calls below a kubelet's. Iterative. */
export function nodeOf(root: RowNode, span: PlacedSpan): RowNode | undefined {
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.spans.includes(span)) return node;
    for (const child of node.children) stack.push(child);
  }
  return undefined;
}
