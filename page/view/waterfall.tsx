import { useEffect, useRef, useState } from 'preact/hooks';
import type { Stretch } from '../model/axis.ts';
import { toggled, unfold } from '../model/view-state.ts';
import { AxisRow } from './axis.tsx';
import type { Page } from './page.ts';
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

  useEffect(() => {
    if (position !== undefined) scrollToRow(list.current, position);
  }, [state.selected, position]);

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
    >
      <AxisRow page={page} axis={axis} width={width} setWidth={setWidth} setAxis={setAxis} />
      <div ref={list} role="rowgroup" class="rows" style={{ height: `${visible.length * ROW_HEIGHT}px` }}>
        {visible.slice(first, end).map((item, offset) => (
          <RowLine
            key={item.key}
            item={item}
            position={first + offset}
            axis={axis}
            width={width}
            picture={picture}
            isSelected={first + offset === position}
            isFound={found !== undefined && item.row.spans.some(({ index }) => found.set.has(index))}
            select={() => {
              const index = item.row.spans[0]?.index;
              grid.current?.focus({ preventScroll: true });
              change((now) => ({ ...now, selected: index }));
            }}
            toggle={() =>
              change((now) => (item.isExpanded === undefined ? unfold(now, item.row) : toggled(now, item.key)))
            }
            unfold={() => change((now) => unfold(now, item.row))}
          />
        ))}
      </div>
    </div>
  );
}
