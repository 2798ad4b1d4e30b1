import { useMemo, useRef, useState } from 'preact/hooks';
import { formatDuration } from '../../src/analysis/wording/duration.ts';
import { COLUMNS, componentOf, firstOrder, sortedRows, type Column, type Order } from '../model/table.ts';
import { labelOf, selfOf, totalOf } from './row.tsx';
import type { Page } from './page.ts';
import { SortableHeader } from './sortable-header.tsx';
import { ROW_HEIGHT, useWindow } from './use-window.ts';

const NAMES: Readonly<Record<Column, string>> = {
  name: 'row',
  component: 'component',
  start: 'start',
  self: 'self',
  total: 'total',
};

/** The rows that the waterfall has, in any order. */
export function Table({ page }: { readonly page: Page }) {
  const { derived, picture, state, change } = page;
  const [order, setOrder] = useState<Order>(firstOrder('total'));
  const rows = useMemo(
    () =>
      sortedRows(
        derived.visible.map(({ row }) => row),
        order,
        picture.analysis,
      ),
    [derived.visible, order, picture],
  );
  const list = useRef<HTMLDivElement>(null);
  const { first, end } = useWindow(list, rows.length);
  return (
    <div class="grid sorted" role="table" aria-label="table of rows" aria-rowcount={rows.length + 1}>
      <SortableHeader names={NAMES} columns={COLUMNS} order={order} setOrder={setOrder} firstOrder={firstOrder} />
      <div ref={list} role="rowgroup" class="rows" style={{ height: `${rows.length * ROW_HEIGHT}px` }}>
        {rows.slice(first, end).map((row, offset) => {
          const index = row.spans[0]?.index;
          return (
            <div
              role="row"
              key={`${index}-${first + offset}`}
              class={index === state.selected ? 'row selected' : 'row'}
              aria-rowindex={first + offset + 2}
              style={{ top: `${(first + offset) * ROW_HEIGHT}px` }}
            >
              <div role="cell" class="name">
                <button type="button" class="link label" onClick={() => change((now) => ({ ...now, selected: index }))}>
                  {labelOf(row)}
                </button>
              </div>
              <div role="cell" class="component">
                {componentOf(row, picture.analysis)}
              </div>
              <div role="cell" class="start">
                {formatDuration(row.from)}
              </div>
              <div role="cell" class="self">
                {picture.hasSelf ? selfOf(row) : ''}
              </div>
              <div role="cell" class="total">
                {totalOf(row)}
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}
