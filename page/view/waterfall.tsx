import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Stretch } from '../model/axis.ts';
import { toggled, unfold, type ViewState } from '../model/view-state.ts';
import type { VisibleRow } from '../model/visible.ts';
import { AxisRow } from './axis.tsx';
import type { Page } from './page.ts';
import { useAnchor } from './use-anchor.ts';
import { RowLine } from './row.tsx';
import { ROW_HEIGHT, scrollToRow, useWindow } from './use-window.ts';

interface Properties {
  readonly page: Page;
  readonly setAxis: (axis: Stretch | undefined) => void;
}

/** The rows on one axis. Only those on the screen are in the document; the tree grid says how many there are. */
export function Waterfall({ page, setAxis }: Properties) {
  const { state, derived, change, picture } = page;
  const { visible, positions, whole, found } = derived;
  const list = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(300);
  const { first, end } = useWindow(list, visible.length);
  const axis = state.axis ?? whole;
  const position = state.selected === undefined ? undefined : positions.get(state.selected);
  const isUpdated = useAnchor(list, picture, derived);

  useEffect(() => {
    // More spans scroll nothing: only a choice does.
    if (position !== undefined && !isUpdated) scrollToRow(list.current, position);
  }, [state.selected, position]);

  // A row that has not changed is not drawn again: a wheel's turn then costs only the rows that come into sight.
  const drawn = useMemo(() => new WeakMap<VisibleRow, JSX.Element>(), [axis, width, found, picture]);
  const lineOf = (item: VisibleRow, at: number): JSX.Element => {
    const isSelected = at === position;
    const known = isSelected ? undefined : drawn.get(item);
    if (known !== undefined) return known;
    const isFound = found !== undefined && item.row.spans.some(({ index }) => found.set.has(index));
    const line = <RowLine key={item.key} {...{ item, position: at, axis, width, picture, isSelected, isFound }} />;
    if (!isSelected) drawn.set(item, line);
    return line;
  };

  const selected = position === undefined ? undefined : visible[position];
  const isDrawn = position !== undefined && position >= first && position < end;
  return (
    <div
      ref={grid}
      class={state.highlightsPath ? 'grid highlights-path' : 'grid'}
      role="treegrid"
      aria-label="rows of the trace"
      aria-rowcount={visible.length + 1}
      aria-colcount={4}
      aria-activedescendant={selected !== undefined && isDrawn ? `row-${selected.key}` : undefined}
      tabIndex={0}
      onClick={(event) => {
        const item = itemAt(event, visible);
        if (item === undefined) return;
        if (isTwisty(event) && (item.isFold || item.isExpanded !== undefined)) change((now) => opened(now, item));
        else change((now) => ({ ...now, selected: item.row.spans[0]?.index }));
      }}
      onDblClick={(event) => {
        const item = isTwisty(event) ? undefined : itemAt(event, visible);
        if (item !== undefined) change((now) => opened(now, item));
      }}
    >
      <AxisRow page={page} axis={axis} width={width} setWidth={setWidth} setAxis={setAxis} />
      <div ref={list} role="rowgroup" class="rows" style={{ height: `${visible.length * ROW_HEIGHT}px` }}>
        {visible.slice(first, end).map((item, offset) => lineOf(item, first + offset))}
      </div>
    </div>
  );
}

/** The row of an event: rows have no handlers, so that they need not be drawn again when one changes. */
function itemAt({ target }: Event, visible: readonly VisibleRow[]): VisibleRow | undefined {
  const row = target instanceof Element ? target.closest<HTMLElement>('.rows [role=row]') : null;
  return row === null ? undefined : visible[Number(row.getAttribute('aria-rowindex')) - 2];
}

const isTwisty = ({ target }: Event): boolean => target instanceof Element && target.matches('.twisty');

/** Shows the rows of a fold; collapses or expands a row that has others below it. */
const opened = (state: ViewState, { isFold, isExpanded, key, row }: VisibleRow): ViewState =>
  isFold && isExpanded === undefined ? unfold(state, row) : toggled(state, key);
