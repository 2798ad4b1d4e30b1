import type { RowFilter } from '../../src/analysis/rows/filter.ts';
import type { Row } from '../../src/analysis/rows/waterfall.ts';
import { nanos } from '../../src/trace/time.ts';
import type { PlacedSpan } from '../../src/trace/trace.ts';
import type { Stretch } from './axis.ts';
import { endOfSubtree } from './span-text.ts';
import type { Picture } from './picture.ts';
import { ancestorKeys } from './visible.ts';

/** `comparison` only in a page of two traces. */
export const TABS = ['waterfall', 'flame', 'table', 'comparison'] as const;
export type Tab = (typeof TABS)[number];

/** As the terminal draws it; all rows, of which repeated ones are folded (`--full`); or every single row. */
export const FOLDS = ['folded', 'full', 'unfolded'] as const;
export type Folds = (typeof FOLDS)[number];

/** What a person has chosen to see. Spans are named by their index. */
export interface ViewState {
  readonly tab: Tab;
  readonly folds: Folds;
  /** Rows shorter than this share of the whole are hidden; 0 hides none. */
  readonly minShare: number;
  /** Spans that were taken out of a fold. */
  readonly opened: ReadonlySet<number>;
  /** Rows whose descendants are hidden, by their keys. */
  readonly collapsed: ReadonlySet<string>;
  readonly subtree: number | undefined;
  readonly selected: number | undefined;
  readonly query: string;
  /** Only what is found is shown, with its ancestors. */
  readonly onlyFound: boolean;
  /** Undefined: the whole. */
  readonly axis: Stretch | undefined;
  readonly range: Stretch | undefined;
  readonly highlightsPath: boolean;
}

export const START: ViewState = {
  tab: 'waterfall',
  folds: 'folded',
  minShare: 0,
  opened: new Set(),
  collapsed: new Set(),
  subtree: undefined,
  selected: undefined,
  query: '',
  onlyFound: false,
  axis: undefined,
  range: undefined,
  highlightsPath: false,
};

/** Shares of the whole that rows may have to reach. */
export const MIN_SHARES = [0, 0.001, 0.01, 0.05, 0.1] as const;

/** The same choices as the flags of the command line. */
export function filterOf(state: ViewState, { analysis: { trace, openNanos } }: Picture): RowFilter {
  const { folds, minShare } = state;
  const least = minShare * (trace.duration - openNanos);
  return {
    opened: [...state.opened].flatMap((index) => trace.spans[index] ?? []),
    ...(folds !== 'folded' && { full: true }),
    ...(folds === 'unfolded' && { unfolded: true }),
    // Without a bound, the terminal draws 5,000 rows at most.
    ...((folds !== 'folded' || minShare > 0) && { minDuration: nanos(Math.floor(least)) }),
  };
}

/** The state in which a span has a row that can be seen, and is selected. */
export function revealed(state: ViewState, placed: PlacedSpan, row: Row | undefined, picture: Picture): ViewState {
  const { spans } = picture.analysis.trace;
  const isAlone = row !== undefined && row.isFastSteps !== true && !(row.folded && row.spans.length > 1);
  const least = filterOf(state, picture).minDuration ?? 0;
  const top = state.subtree === undefined ? undefined : spans[state.subtree];
  const isInside = top === undefined || (placed.index >= top.index && placed.index < endOfSubtree(top, spans));
  return {
    ...state,
    tab: state.tab === 'table' ? 'table' : 'waterfall',
    selected: placed.index,
    opened: isAlone ? state.opened : new Set([...state.opened, placed.index]),
    collapsed: row === undefined ? new Set() : without(state.collapsed, ancestorKeys(row)),
    minShare: placed.duration < least ? 0 : state.minShare,
    subtree: isInside ? state.subtree : undefined,
  };
}

/** The rows that a fold stands for are drawn instead of it. */
export const unfold = (state: ViewState, { spans }: Row): ViewState => ({
  ...state,
  opened: new Set([...state.opened, ...spans.map(({ index }) => index)]),
});

/** A row's descendants are hidden, or shown again. */
export function toggled(state: ViewState, key: string, isCollapsed = !state.collapsed.has(key)): ViewState {
  const collapsed = new Set(state.collapsed);
  if (isCollapsed) collapsed.add(key);
  else collapsed.delete(key);
  return { ...state, collapsed };
}

const without = (keys: ReadonlySet<string>, removed: readonly string[]): ReadonlySet<string> => {
  if (!removed.some((key) => keys.has(key))) return keys;
  const rest = new Set(keys);
  for (const key of removed) rest.delete(key);
  return rest;
};
