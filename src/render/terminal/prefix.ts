import type { Row } from '../../analysis/rows/waterfall.ts';
import type { Glyphs } from '../look.ts';

/** Columns of one level of the tree. */
export const PREFIX = 3;

export const prefixWidth = (row: Row): number => row.depth * PREFIX;

/**
 * The lines that lead to a row, in at most `columns`: `│  └─ `. A greater depth is shown as a number, and the branch
 * stays: `…117 ├─ `. The work is bounded by the columns, not by the depth.
 */
export function drawPrefix(row: Row, glyphs: Glyphs, columns: number): string {
  if (row.parent === undefined) return '';
  const branch = branchOf(row, glyphs);
  if (prefixWidth(row) > columns) return `${glyphs.ellipsis}${row.depth} ${branch}`;
  const levels = [branch];
  for (let ancestor = row.parent; ancestor.parent !== undefined; ancestor = ancestor.parent)
    levels.push(ancestor.isLast ? glyphs.blank : glyphs.trunk);
  return levels.reverse().join('');
}

function branchOf(row: Row, glyphs: Glyphs): string {
  if (row.inferred) return row.isLast ? glyphs.lastInferredBranch : glyphs.inferredBranch;
  return row.isLast ? glyphs.lastBranch : glyphs.branch;
}
