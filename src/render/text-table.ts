/** A column of a table for people. */
export interface TableColumn {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** A table before it is drawn: a terminal has columns of characters, a page has cells. */
export interface TextTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Below the table: how much is left out. */
  readonly footer?: string;
}
