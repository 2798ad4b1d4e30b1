import type { PlacedSpan } from '../../trace/trace.ts';

/** Label of a row, from the most precise to the shortest wording; a renderer takes the first that fits. */
export type Label = readonly [string, ...string[]];

/** A line of the tree before layout: one span, or several merged into one row. */
export interface RowNode {
  readonly label: Label;
  /** The label's shortest wording. */
  readonly brief: string;
  /** Never empty; the first one gives the row its place. */
  readonly spans: readonly PlacedSpan[];
  readonly children: readonly RowNode[];
  /** The row shows only the spans' own time: other rows show the rest of the time that they cover. */
  readonly folded?: boolean;
  /** The spans are merged siblings, with everything below them. */
  readonly repeated?: { readonly below: readonly PlacedSpan[] };
  /** The row stands for these siblings, with everything below them. */
  readonly steps?: readonly RowNode[];
}

/** The same row with other rows below it. */
export function withChildren(node: RowNode, children: readonly RowNode[]): RowNode {
  const { spans, folded, repeated, steps } = node;
  return {
    // Labels are only made of what is drawn.
    get label() {
      return node.label;
    },
    get brief() {
      return node.brief;
    },
    spans,
    children,
    ...(folded !== undefined && { folded }),
    ...(repeated !== undefined && { repeated }),
    ...(steps !== undefined && { steps }),
  };
}
