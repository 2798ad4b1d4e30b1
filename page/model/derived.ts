import type { RowNode } from '../../src/analysis/rows/row-node.ts';
import type { Row } from '../../src/analysis/rows/waterfall.ts';
import type { ShownRows } from '../../src/render/terminal/shown-rows.ts';
import type { Stretch } from './axis.ts';
import { nodeOf, type Picture } from './picture.ts';
import type { Search } from './search.ts';
import { filterOf, type ViewState } from './view-state.ts';
import { visibleRows, type VisibleRow } from './visible.ts';

export interface DerivedRows {
  /** The row that the view begins with; undefined for the whole trace. */
  readonly top: RowNode | undefined;
  readonly shown: ShownRows;
  /** The longest axis: of the whole, or of the subtree. */
  readonly whole: Stretch;
}

export interface Found {
  readonly indices: readonly number[];
  readonly set: ReadonlySet<number>;
}

export interface Visible {
  readonly visible: readonly VisibleRow[];
  /** By the index of a span: the position of the row that shows it. */
  readonly positions: ReadonlyMap<number, number>;
}

/** What a view shows, from what was chosen. */
export const derive = {
  rows(state: ViewState, picture: Picture): DerivedRows {
    const { spans } = picture.analysis.trace;
    const span = state.subtree === undefined ? undefined : spans[state.subtree];
    const top = span === undefined ? undefined : nodeOf(picture.root, span);
    const shown = picture.rows(filterOf(state, picture), top);
    return { top, shown, whole: wholeOf(shown.waterfall.rows, top, shown.waterfall) };
  },

  found(query: string, search: Search): Found | undefined {
    const indices = search.find(query);
    return indices === undefined ? undefined : { indices, set: new Set(indices) };
  },

  visible({ waterfall: { rows } }: ShownRows, collapsed: ReadonlySet<string>, only?: ReadonlySet<number>): Visible {
    const wanted = only && ((row: Row): boolean => row.spans.some(({ index }) => only.has(index)));
    const visible = visibleRows(rows, collapsed, wanted);
    const positions = new Map<number, number>();
    for (let position = 0; position < visible.length; position++) {
      for (const { index } of (visible[position] as VisibleRow).row.spans) positions.set(index, position);
    }
    return { visible, positions };
  },
};

/** A subtree has its own axis: from its start to the latest end of a row in it. */
function wholeOf(rows: readonly Row[], top: RowNode | undefined, { from, to }: Stretch): Stretch {
  const [first] = rows;
  if (top === undefined || first === undefined) return { from, to: Math.max(to, from + 1) };
  let end = first.to as number;
  for (const row of rows) if (row.beyond === undefined && row.to > end) end = row.to;
  return { from: first.from, to: Math.max(end, first.from + 1) };
}
