import {
  collapseAll,
  copyJSON,
  copyLine,
  copyLink,
  copySubtree,
  copySubtreeJSON,
  cycleFolds,
  enter,
  escape,
  focusSubtree,
  left,
  move,
  nextFound,
  pan,
  patch,
  right,
  select,
  toRow,
  zoom,
  type Act,
} from './actions.ts';
import type { Page } from './page.ts';

/** The keys, as `?` lists them. */
export const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ['↑ ↓ or k j', 'previous or next row'],
  ['← →', 'collapse or expand the row; go to its parent or its first child'],
  ['Home End, Page Up Page Down', 'first or last row; a page of rows'],
  ['Enter', 'draw what a folded row stands for'],
  ['/', 'search; Enter and Shift+Enter go to the next and the previous one'],
  ['n N', 'next or previous one that was found'],
  ['o', 'show only what was found, with its ancestors'],
  ['f', 'show only the selected row and those below it, and back'],
  ['a', 'fold as the terminal does, show all rows, or unfold repeated rows too'],
  ['x', 'collapse all rows but the first levels, and back'],
  ['p', 'highlight the critical path'],
  ['+ −, 0', 'zoom in or out, show the whole axis'],
  ['Shift+← Shift+→', 'move along the axis'],
  ['z', 'zoom to the selected row'],
  ['m', 'measure the selected row on the axis'],
  ['c C', 'copy the span as a line or as JSON'],
  ['s S', 'copy the span with those below it, as lines or as JSON'],
  ['l', 'copy the link to the span'],
  ['1 2 3, 4', 'waterfall, flame graph, table; the comparison of two traces'],
  ['Esc', 'close what is open, one after the other'],
  ['?', 'these keys'],
];

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && target.closest('input, select, dialog') !== null;

const isButton = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement && target.matches('button, summary, a');

export function actOnKey(event: KeyboardEvent, page: Page): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  if (event.key === 'Enter' && isButton(event)) return;
  const act = ACTIONS[event.shiftKey && event.key.startsWith('Arrow') ? `Shift+${event.key}` : event.key];
  if (act === undefined) return;
  event.preventDefault();
  act(page);
}

/** As many as a screen has, about. */
const PAGE_ROWS = 20;

const ACTIONS: Readonly<Record<string, Act | undefined>> = {
  ArrowUp: move(-1),
  ArrowDown: move(1),
  k: move(-1),
  j: move(1),
  PageUp: move(-PAGE_ROWS),
  PageDown: move(PAGE_ROWS),
  Home: (page) => select(page, 0),
  End: (page) => select(page, Infinity),
  ArrowLeft: left,
  ArrowRight: right,
  'Shift+ArrowLeft': pan(-0.25),
  'Shift+ArrowRight': pan(0.25),
  Enter: enter,
  '/': () => document.querySelector<HTMLInputElement>('#search')?.focus(),
  n: (page) => nextFound(page, 1),
  N: (page) => nextFound(page, -1),
  o: patch(({ state }) => ({ onlyFound: !state.onlyFound })),
  f: focusSubtree,
  a: cycleFolds,
  x: collapseAll,
  p: patch(({ state }) => ({ highlightsPath: !state.highlightsPath })),
  '+': zoom(0.5),
  '=': zoom(0.5),
  '-': zoom(2),
  '0': patch(() => ({ axis: undefined })),
  z: toRow('axis'),
  m: toRow('range'),
  c: copyLine,
  C: copyJSON,
  s: copySubtree,
  S: copySubtreeJSON,
  l: copyLink,
  '1': patch(() => ({ tab: 'waterfall' })),
  '2': patch(() => ({ tab: 'flame' })),
  '3': patch(() => ({ tab: 'table' })),
  '4': patch(({ content, state }) => ({ tab: content.compared?.picture === undefined ? state.tab : 'comparison' })),
  Escape: escape,
  '?': ({ askForKeys }) => askForKeys(true),
};
