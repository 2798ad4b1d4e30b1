import type { PlacedSpan } from '../../trace/trace.ts';

/** What a row is called, from the most telling to the shortest wording; a renderer takes the first that fits. */
export type Label = readonly [string, ...string[]];

/** A line of the tree before it is laid out: one span, or several that are told as one. */
export interface RowNode {
  readonly label: Label;
  /** The label's shortest wording. */
  readonly brief: string;
  /** Never empty; the first one gives the row its place. */
  readonly spans: readonly PlacedSpan[];
  readonly children: readonly RowNode[];
  /** The row is told by the spans' own time alone: what they cover beyond it is told by other rows. */
  readonly folded?: boolean;
  /** The spans are siblings that are told as one, with all that is below them. */
  readonly repeated?: { readonly below: readonly PlacedSpan[] };
}

/** The same row with other rows below it. */
export function withChildren(node: RowNode, children: readonly RowNode[]): RowNode {
  const { spans, folded, repeated } = node;
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
  };
}
