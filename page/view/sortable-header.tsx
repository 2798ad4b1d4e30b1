/** A column by which rows are sorted. */
interface Order<Column> {
  readonly column: Column;
  readonly isDescending: boolean;
}

interface Properties<Column extends string> {
  /** The name of each column on the screen. */
  readonly names: Readonly<Record<Column, string>>;
  readonly columns: readonly Column[];
  readonly order: Order<Column>;
  readonly setOrder: (order: Order<Column>) => void;
  /** The order of a column that is chosen first. Chosen again, it is reversed. */
  readonly firstOrder: (column: Column) => Order<Column>;
}

/** The head of a table that every column can sort. */
export function SortableHeader<Column extends string>({
  names,
  columns,
  order: { column: current, isDescending },
  setOrder,
  firstOrder,
}: Properties<Column>) {
  return (
    <div role="rowgroup" class="sticky head">
      <div role="row" class="row header" aria-rowindex={1}>
        {columns.map((column) => (
          <div
            role="columnheader"
            class={column}
            aria-sort={current !== column ? 'none' : isDescending ? 'descending' : 'ascending'}
          >
            <button
              type="button"
              class="link"
              onClick={() =>
                setOrder(current === column ? { column, isDescending: !isDescending } : firstOrder(column))
              }
            >
              {names[column]}
              {current === column ? (isDescending ? ' ↓' : ' ↑') : ''}
            </button>
          </div>
        ))}
      </div>
    </div>
  );
}
