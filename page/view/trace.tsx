import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { carried } from '../model/carried.ts';
import type { Content } from '../model/content.ts';
import type { Stretch } from '../model/axis.ts';
import type { SpanID } from '../../src/trace/ids.ts';
import type { Picture } from '../model/picture.ts';
import { derive } from '../model/derived.ts';
import { Search } from '../model/search.ts';
import { readLink, writeLink } from '../model/link.ts';
import { filterOf, revealed, START, type ViewState } from '../model/view-state.ts';
import { rowOfSpan } from '../model/visible.ts';
import { Comparison } from './comparison.tsx';
import { DetailsPanel } from './details.tsx';
import { Flame } from './flame.tsx';
import { Keys } from './keys.tsx';
import { actOnKey } from './keyboard.ts';
import type { Change, Derived, Page } from './page.ts';
import { Table } from './table.tsx';
import { Toolbar } from './toolbar.tsx';
import { Waterfall } from './waterfall.tsx';

interface Properties {
  readonly content: Content;
  readonly picture: Picture;
  /** A span that is to be shown: a new object each time. */
  readonly target: { readonly index: number } | undefined;
}

/** The trace, in three views of the same rows, with the tools around them. */
export function Trace({ content, picture, target }: Properties) {
  const [state, change] = useViewState(content, picture);
  const [asksForKeys, askForKeys] = useState(false);
  const [status, say] = useState('');
  const search = useMemo(() => new Search(picture.analysis.trace.spans), [picture]);
  const derived = useDerived(state, picture, search);
  const { spans } = picture.analysis.trace;

  const goTo = (index: number): void =>
    change((now) => {
      const placed = spans[index];
      if (placed === undefined) return now;
      const { rows } = picture.rows(filterOf(now, picture), derived.top).waterfall;
      return revealed(now, placed, rowOfSpan(rows, placed), picture);
    });
  const page: Page = { state, change, derived, picture, content, goTo, say, askForKeys };
  const latest = useRef(page);
  const wanted = useRef<SpanID | undefined>(undefined);
  latest.current = page;

  useEffect(() => {
    if (target !== undefined) goTo(target.index);
  }, [target]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => actOnKey(event, latest.current);
    const onHash = (): void => {
      const { span, subtree } = readLink(location.hash);
      wanted.current = span ?? subtree;
      openWanted(latest.current, wanted);
    };
    document.addEventListener('keydown', onKey);
    addEventListener('hashchange', onHash);
    onHash();
    return () => {
      document.removeEventListener('keydown', onKey);
      removeEventListener('hashchange', onHash);
    };
  }, []);
  useEffect(() => openWanted(latest.current, wanted), [picture]);
  useEffect(() => {
    // A link to a span that has not arrived stays in the address until something else is selected.
    if (wanted.current !== undefined && state.selected === undefined) return;
    wanted.current = undefined;
    const idOf = (index: number | undefined) => (index === undefined ? undefined : spans[index]?.spanID);
    const link = writeLink({ span: idOf(state.selected), subtree: idOf(state.subtree) });
    if (link !== location.hash)
      history.replaceState(null, '', link === '' ? location.pathname + location.search : link);
  }, [state.selected, state.subtree]);

  const selected = state.selected === undefined ? undefined : spans[state.selected];
  const other = content.compared?.picture;
  const setAxis = (axis: Stretch | undefined): void => change((now) => ({ ...now, axis }));
  return (
    <section class={selected === undefined ? 'trace' : 'trace with-details'} aria-label="trace">
      <Toolbar page={page} />
      <div class="view">
        {state.tab === 'waterfall' && <Waterfall page={page} setAxis={setAxis} />}
        {state.tab === 'flame' && <Flame page={page} />}
        {state.tab === 'table' && <Table page={page} />}
        {state.tab === 'comparison' && other !== undefined && <Comparison page={page} compared={other} />}
      </div>
      {selected !== undefined && <DetailsPanel page={page} placed={selected} />}
      <p class="visually-hidden" role="status">
        {status}
      </p>
      {asksForKeys && <Keys close={() => askForKeys(false)} />}
    </section>
  );
}

/** What was chosen to see. It stays when more spans of the trace come. */
function useViewState(content: Content, picture: Picture): readonly [ViewState, Change] {
  const [held, setHeld] = useState(() => ({ picture, view: firstState(content) }));
  const change = useMemo((): Change => (next) => setHeld((now) => ({ ...now, view: next(now.view) })), []);
  if (held.picture === picture) return [held.view, change];
  const next = { picture, view: carried(held.view, held.picture, picture) };
  setHeld(next);
  return [next.view, change];
}

/** Goes to the span of a link, when it has come. */
function openWanted({ picture, goTo }: Page, wanted: { current: SpanID | undefined }): void {
  if (wanted.current === undefined) return;
  const index = picture.analysis.trace.spans.findIndex(({ spanID }) => spanID === wanted.current);
  if (index < 0) return;
  wanted.current = undefined;
  goTo(index);
}

/** As the address says: a page that is opened by a link shows only the subtree that it names. */
function firstState({ picture, compared }: Content): ViewState {
  const { subtree } = readLink(location.hash);
  const index = picture?.analysis.trace.spans.findIndex(({ spanID }) => spanID === subtree) ?? -1;
  const start: ViewState = compared?.picture === undefined ? START : { ...START, tab: 'comparison' };
  return subtree === undefined || index < 0 ? start : { ...start, subtree: index };
}

/** What follows from the choices; each part only when what it depends on has changed. */
function useDerived(state: ViewState, picture: Picture, search: Search): Derived {
  const { folds, minShare, opened, subtree, collapsed, query, onlyFound } = state;
  const rows = useMemo(() => derive.rows(state, picture), [folds, minShare, opened, subtree, picture]);
  const found = useMemo(() => derive.found(query, search), [query, search]);
  const visible = useMemo(
    () => derive.visible(rows.shown, collapsed, onlyFound ? found?.set : undefined),
    [rows, collapsed, onlyFound, found],
  );
  return { ...rows, found, ...visible };
}
