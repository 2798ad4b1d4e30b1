import type { Analysis } from '../../src/analysis/analyse.ts';
import type { RowNode } from '../../src/analysis/rows/row-node.ts';
import { colourOf } from './colour.ts';

/** Rows of one name below one another, with the own time of all of them. */
export interface Frame {
  readonly name: string;
  /** The class of its colour. */
  readonly colour: string;
  readonly depth: number;
  /** Own time of these rows and of all below them. */
  readonly total: number;
  readonly self: number;
  readonly rows: number;
  /** From the left end, in own time. */
  readonly from: number;
  readonly parent: Frame | undefined;
  /** A span of the first of these rows, to go to. */
  readonly index: number;
}

interface Draft {
  readonly name: string;
  /** The class of its colour. */
  readonly colour: string;
  readonly index: number;
  readonly depth: number;
  readonly parent: Draft | undefined;
  readonly children: Map<string, Draft>;
  self: number;
  total: number;
  rows: number;
}

/**
 * A flame graph of own time: rows of the same name below the same frame are one frame, as wide as the own time of all of
 * them and of what is below. The widths of a frame's children and its own time add up to its own width, also where spans ran
 * at the same time. Parents come before their children. Iterative.
 */
export function flameOf(root: RowNode, analysis: Analysis): Frame[] {
  const drafts: Draft[] = [];
  const stack: { readonly node: RowNode; readonly above: Draft | undefined }[] = [{ node: root, above: undefined }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, above } = next;
    const draft = frameIn(above, node, analysis, drafts);
    draft.rows++;
    for (const { index } of node.spans) draft.self += analysis.self[index] ?? 0;
    for (const { index } of node.repeated?.below ?? []) draft.self += analysis.self[index] ?? 0;
    for (let index = node.children.length - 1; index >= 0; index--) {
      stack.push({ node: node.children[index] as RowNode, above: draft });
    }
  }
  for (let index = drafts.length - 1; index >= 0; index--) {
    const draft = drafts[index] as Draft;
    draft.total += draft.self;
    if (draft.parent !== undefined) draft.parent.total += draft.total;
  }
  return placed(drafts);
}

function frameIn(above: Draft | undefined, { brief, spans }: RowNode, analysis: Analysis, all: Draft[]): Draft {
  const known = above?.children.get(brief);
  if (known !== undefined) return known;
  const index = spans[0]?.index ?? 0;
  const draft: Draft = {
    name: brief,
    colour: colourOf(analysis.component[index] ?? 'other', spans[0]?.span.resource.service ?? ''),
    index,
    depth: above === undefined ? 0 : above.depth + 1,
    parent: above,
    children: new Map(),
    self: 0,
    total: 0,
    rows: 0,
  };
  above?.children.set(brief, draft);
  all.push(draft);
  return draft;
}

/** The widest children first. */
function placed(drafts: readonly Draft[]): Frame[] {
  const frames = new Map<Draft, Frame>();
  const ends = new Map<Draft, number>();
  const order = drafts.toSorted((one, other) => one.depth - other.depth || other.total - one.total);
  for (const draft of order) {
    const { name, colour, depth, total, self, rows, index, parent } = draft;
    const above = parent === undefined ? undefined : frames.get(parent);
    const from = parent === undefined ? 0 : (ends.get(parent) ?? above?.from ?? 0);
    if (parent !== undefined) ends.set(parent, from + total);
    frames.set(draft, { name, colour, depth, total, self, rows, index, from, parent: above });
  }
  return [...frames.values()];
}

/** Narrower frames cannot be seen, and are left out: of the width. */
const NARROWEST = 0.001;

/** With `root` as wide as the graph: those above it, and those below it that are wide enough. */
export function isShown(frame: Frame, root: Frame): boolean {
  const contains = (outer: Frame, inner: Frame): boolean =>
    inner.from >= outer.from && inner.from + inner.total <= outer.from + outer.total;
  if (frame.depth < root.depth) return contains(frame, root);
  return (frame.depth > root.depth || frame === root) && contains(root, frame) && frame.total >= NARROWEST * root.total;
}

/** Where a frame begins and how wide it is, of the graph's width. */
export function placeOf(frame: Frame, root: Frame): { readonly left: number; readonly width: number } {
  if (frame.depth < root.depth) return { left: 0, width: 1 };
  return { left: (frame.from - root.from) / root.total, width: frame.total / root.total };
}
