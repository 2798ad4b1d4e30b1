import { formatDuration } from '../../src/analysis/wording/duration.ts';
import { formatShare } from '../../src/analysis/wording/percent.ts';
import { lengthOf } from '../model/axis.ts';
import { FOLDS, MIN_SHARES, TABS, type Folds, type Tab } from '../model/view-state.ts';
import { cycleFolds, focusSubtree, nextFound } from './actions.ts';
import type { Page } from './page.ts';

const TAB_NAMES: Readonly<Record<Tab, string>> = {
  waterfall: 'Waterfall',
  flame: 'Flame graph',
  table: 'Table',
  comparison: 'Comparison',
};

const FOLD_NAMES: Readonly<Record<Folds, string>> = {
  folded: 'fast and repeated rows folded',
  full: 'repeated rows folded',
  unfolded: 'every row',
};

export function Toolbar({ page }: { readonly page: Page }) {
  const { state, change } = page;
  return (
    <div class="toolbar" role="toolbar" aria-label="view">
      <div class="group" role="group" aria-label="view of the rows">
        {tabsOf(page).map((tab) => (
          <button type="button" aria-pressed={state.tab === tab} onClick={() => change((now) => ({ ...now, tab }))}>
            {TAB_NAMES[tab]}
          </button>
        ))}
      </div>
      {state.tab !== 'comparison' && <RowTools page={page} />}
      <button type="button" onClick={() => page.askForKeys(true)}>
        Keys
      </button>
    </div>
  );
}

const tabsOf = ({ content }: Page): readonly Tab[] =>
  TABS.filter((tab) => tab !== 'comparison' || content.compared?.picture !== undefined);

/** Tools of the views that show one trace. */
function RowTools({ page }: { readonly page: Page }) {
  const { state, change, derived } = page;
  return (
    <>
      <SearchBox page={page} />
      <label>
        hide shorter than{' '}
        <select
          value={String(state.minShare)}
          onChange={({ currentTarget }) => {
            const minShare = Number(currentTarget.value);
            change((now) => ({ ...now, minShare }));
          }}
        >
          {MIN_SHARES.map((share) => (
            <option value={String(share)}>{share === 0 ? 'nothing' : formatShare(share)}</option>
          ))}
        </select>
      </label>
      <label>
        show{' '}
        <select
          value={state.folds}
          onChange={({ currentTarget }) => {
            const folds = FOLDS.find((one) => one === currentTarget.value);
            if (folds !== undefined) change((now) => ({ ...now, folds, opened: new Set() }));
          }}
        >
          {FOLDS.map((folds) => (
            <option value={folds}>{FOLD_NAMES[folds]}</option>
          ))}
        </select>
      </label>
      <button
        type="button"
        aria-pressed={state.highlightsPath}
        onClick={() => change((now) => ({ ...now, highlightsPath: !now.highlightsPath }))}
      >
        Critical path
      </button>
      {(state.selected !== undefined || state.subtree !== undefined) && (
        <button type="button" aria-pressed={state.subtree !== undefined} onClick={() => focusSubtree(page)}>
          {state.subtree !== undefined && state.subtree === state.selected ? 'Whole trace' : 'Only this subtree'}
        </button>
      )}
      <p class="counts" role="status">
        {countWords(page)}
        {derived.shown.filteredOut > 0 || derived.shown.leftOut !== undefined ? '' : null}
      </p>
      <Range page={page} />
      {state.folds === 'folded' && derived.visible.length === 0 && (
        <button type="button" onClick={() => cycleFolds(page)}>
          Show all rows
        </button>
      )}
    </>
  );
}

function SearchBox({ page }: { readonly page: Page }) {
  const { state, change, derived } = page;
  const { found } = derived;
  const at = state.selected === undefined ? -1 : (found?.indices.indexOf(state.selected) ?? -1);
  return (
    <div class="group" role="search">
      <input
        id="search"
        type="search"
        aria-label="search"
        placeholder="search, or name=value"
        value={state.query}
        onInput={({ currentTarget }) => {
          const query = currentTarget.value;
          change((now) => ({ ...now, query }));
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') nextFound(page, event.shiftKey ? -1 : 1);
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <output for="search" class="found-count">
        {found === undefined ? '' : `${at < 0 ? '' : `${at + 1} of `}${found.indices.length} found`}
      </output>
      <button
        type="button"
        aria-label="previous one found"
        disabled={found === undefined}
        onClick={() => nextFound(page, -1)}
      >
        ↑
      </button>
      <button
        type="button"
        aria-label="next one found"
        disabled={found === undefined}
        onClick={() => nextFound(page, 1)}
      >
        ↓
      </button>
      <button
        type="button"
        disabled={found === undefined}
        aria-pressed={state.onlyFound}
        onClick={() => change((now) => ({ ...now, onlyFound: !now.onlyFound }))}
      >
        only these
      </button>
    </div>
  );
}

/** `120 rows; 30 shorter than 1 % are hidden` */
function countWords({ state, derived }: Page): string {
  const { filteredOut } = derived.shown;
  const rows = `${derived.visible.length} ${derived.visible.length === 1 ? 'row' : 'rows'}`;
  return filteredOut === 0 ? rows : `${rows}; ${filteredOut} shorter than ${formatShare(state.minShare)} hidden`;
}

/** The measured range, and what can be done with it. */
function Range({ page }: { readonly page: Page }) {
  const { state, change } = page;
  const { range, axis } = state;
  return (
    <>
      {range !== undefined && (
        <p class="range-words" role="status">
          {formatDuration(lengthOf(range))} measured, from {formatDuration(range.from)} to {formatDuration(range.to)}{' '}
          <button type="button" onClick={() => change((now) => ({ ...now, axis: range, range: undefined }))}>
            Zoom to it
          </button>
        </p>
      )}
      {axis !== undefined && (
        <button type="button" onClick={() => change((now) => ({ ...now, axis: undefined }))}>
          Whole axis
        </button>
      )}
    </>
  );
}
