import { panned, zoomed } from '../model/axis.ts';
import { spanJSON, spanLine, subtreeJSON, subtreeLines } from '../model/span-text.ts';
import { FOLDS, START, toggled, unfold, type ViewState } from '../model/view-state.ts';
import type { Page } from './page.ts';

export type Act = (page: Page) => void;

export const patch =
  (part: (page: Page) => Partial<ViewState>): Act =>
  (page) => {
    const changed = part(page);
    page.change((state) => ({ ...state, ...changed }));
  };

const position = ({ state, derived }: Page): number =>
  state.selected === undefined ? -1 : (derived.positions.get(state.selected) ?? -1);

/** Selects the row at a position, or the nearest that exists. */
export function select(page: Page, wanted: number): void {
  const { visible } = page.derived;
  const row = visible[Math.max(0, Math.min(visible.length - 1, wanted))]?.row;
  const index = row?.spans[0]?.index;
  if (index !== undefined) page.change((state) => ({ ...state, selected: index }));
}

export const move =
  (by: number): Act =>
  (page) =>
    select(page, position(page) + by);

export function left(page: Page): void {
  const current = page.derived.visible[position(page)];
  if (current === undefined) return select(page, 0);
  if (current.isExpanded === true) return page.change((state) => toggled(state, current.key, true));
  const above = current.row.parent?.spans[0]?.index;
  if (above !== undefined) page.goTo(above);
}

export function right(page: Page): void {
  const current = page.derived.visible[position(page)];
  if (current === undefined) return select(page, 0);
  if (current.isExpanded === false) return page.change((state) => toggled(state, current.key, false));
  if (current.isExpanded === true) select(page, position(page) + 1);
}

export function enter(page: Page): void {
  const current = page.derived.visible[position(page)];
  if (current?.isFold === true) page.change((state) => unfold(state, current.row));
}

/** Goes to the next span that was found, after the selected one and around the end; `by` is 1 or -1. */
export function nextFound(page: Page, by: 1 | -1): void {
  const { state, derived, goTo, say } = page;
  const indices = derived.found?.indices ?? [];
  if (indices.length === 0) return say('nothing was found');
  const from = state.selected ?? (by === 1 ? -1 : Infinity);
  const next = by === 1 ? indices.find((index) => index > from) : indices.findLast((index) => index < from);
  const index = next ?? (by === 1 ? indices[0] : indices.at(-1)) ?? 0;
  say(`${indices.indexOf(index) + 1} of ${indices.length}`);
  goTo(index);
}

export const zoom =
  (factor: number): Act =>
  (page) =>
    patch(({ state, derived }) => ({ axis: zoomed(state.axis ?? derived.whole, factor, 0.5, derived.whole) }))(page);

export const pan =
  (share: number): Act =>
  (page) =>
    patch(({ state, derived }) => ({ axis: panned(state.axis ?? derived.whole, share, derived.whole) }))(page);

const selectedRow = (page: Page) => page.derived.visible[position(page)]?.row;

export const toRow = (name: 'axis' | 'range'): Act =>
  patch((page) => {
    const row = selectedRow(page);
    return row === undefined ? {} : { [name]: { from: row.from, to: Math.max(row.to, row.from + 1) } };
  });

const copy =
  (what: string, textOf: (page: Page, index: number) => string): Act =>
  (page) => {
    const { selected } = page.state;
    if (selected === undefined) return page.say('select a row first');
    void copyText(textOf(page, selected)).then((done) =>
      page.say(done ? `copied ${what}` : 'the browser refused to copy'),
    );
  };

const placedAt = ({ picture }: Page, index: number) => picture.analysis.trace.spans[index] as never;

export const copyLine = copy('the span', (page, index) => spanLine(placedAt(page, index)));
export const copyJSON = copy('the span as JSON', (page, index) =>
  spanJSON(placedAt(page, index), page.content.document),
);
export const copySubtree = copy('the span and those below it', (page, index) =>
  subtreeLines(placedAt(page, index), page.picture.analysis.trace.spans),
);
export const copySubtreeJSON = copy('the span and those below it as JSON', (page, index) =>
  subtreeJSON(placedAt(page, index), page.picture.analysis.trace.spans, page.content.document),
);
export const copyLink = copy('the link', () => location.href);

/** Closes one thing: the selection last, so that Escape leads back step by step. */
export const escape = patch(({ state }): Partial<ViewState> => {
  if (state.range !== undefined) return { range: undefined };
  if (state.query !== '') return { query: '', onlyFound: false };
  if (state.axis !== undefined) return { axis: undefined };
  if (state.selected !== undefined) return { selected: undefined };
  return { subtree: undefined };
});

export const focusSubtree = patch(({ state }) => ({
  subtree: state.subtree === state.selected ? undefined : state.selected,
  axis: undefined,
}));

export const cycleFolds = patch(({ state }) => ({
  folds: FOLDS[(FOLDS.indexOf(state.folds) + 1) % FOLDS.length] ?? START.folds,
}));

/** Rows at this depth are collapsed by `x`. */
const COLLAPSED_DEPTH = 1;

export const collapseAll = patch(({ state, derived }) => ({
  collapsed:
    state.collapsed.size > 0
      ? new Set<string>()
      : new Set(
          derived.visible
            .filter(({ row, isExpanded }) => isExpanded === true && row.depth >= COLLAPSED_DEPTH)
            .map(({ key }) => key),
        ),
}));

/** Whether the browser lets a page copy: it needs a secure origin, or a file. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
