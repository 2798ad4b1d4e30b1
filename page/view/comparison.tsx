import { useMemo, useRef, useState } from 'preact/hooks';
import type { Row } from '../../src/analysis/rows/waterfall.ts';
import {
  comparePictures,
  firstPairOrder,
  PAIR_COLUMNS,
  sortedPairs,
  type PairColumn,
  type PairOrder,
  type RowPair,
} from '../model/comparison.ts';
import { comparisonSentences, deltaText, shareText } from '../model/comparison-words.ts';
import type { Picture } from '../model/picture.ts';
import { labelOf, MAX_INDENT, totalOf } from './row.tsx';
import type { Page } from './page.ts';
import { SortableHeader } from './sortable-header.tsx';
import { ROW_HEIGHT, useWindow } from './use-window.ts';

const NAMES: Readonly<Record<PairColumn, string>> = {
  name: 'row',
  compared: 'other',
  shown: 'this',
  delta: 'Δ',
  share: 'Δ %',
  ownDelta: 'Δ self',
};

/** The rows of two traces side by side: what took longest first, or in the order of the tree. */
export function Comparison({ page, compared }: { readonly page: Page; readonly compared: Picture }) {
  const { picture, content } = page;
  const [order, setOrder] = useState<PairOrder>(firstPairOrder('delta'));
  const pairs = useMemo(() => comparePictures(picture, compared), [picture, compared]);
  const sorted = useMemo(() => sortedPairs(pairs, order), [pairs, order]);
  const list = useRef<HTMLDivElement>(null);
  const { first, end } = useWindow(list, sorted.length);
  return (
    <>
      {comparisonSentences(content).map((sentence) => (
        <p class="sentence">{sentence}</p>
      ))}
      <div class="grid pairs" role="table" aria-label="comparison of two traces" aria-rowcount={sorted.length + 1}>
        <SortableHeader
          names={NAMES}
          columns={PAIR_COLUMNS}
          order={order}
          setOrder={setOrder}
          firstOrder={firstPairOrder}
        />
        <div ref={list} role="rowgroup" class="rows" style={{ height: `${sorted.length * ROW_HEIGHT}px` }}>
          {sorted.slice(first, end).map((pair, offset) => (
            <PairLine page={page} pair={pair} position={first + offset} isTree={order.column === 'name'} />
          ))}
        </div>
      </div>
    </>
  );
}

interface LineProperties {
  readonly page: Page;
  readonly pair: RowPair;
  readonly position: number;
  /** Rows are indented as in the tree. */
  readonly isTree: boolean;
}

function PairLine({ page: { state, change }, pair, position, isTree }: LineProperties) {
  const { shown, compared, depth, delta, ownDelta } = pair;
  const index = shown?.spans[0]?.index;
  const isSelected = index !== undefined && index === state.selected;
  return (
    <div
      role="row"
      class={isSelected ? 'row selected' : 'row'}
      aria-rowindex={position + 2}
      style={{ top: `${position * ROW_HEIGHT}px` }}
    >
      <div role="cell" class="name" style={{ '--depth': isTree ? Math.min(depth, MAX_INDENT) : 0 }}>
        {index === undefined ? (
          <span class="label">{labelOf((shown ?? compared) as Row)}</span>
        ) : (
          <button type="button" class="link label" onClick={() => change((now) => ({ ...now, selected: index }))}>
            {labelOf(shown as Row)}
          </button>
        )}
      </div>
      <div role="cell" class="compared">
        {compared === undefined ? '' : totalOf(compared)}
      </div>
      <div role="cell" class="shown">
        {shown === undefined ? '' : totalOf(shown)}
      </div>
      <div role="cell" class={`delta ${toneOf(delta)}`}>
        {deltaText(delta)}
      </div>
      <div role="cell" class={`share ${toneOf(delta)}`}>
        {shareText(pair)}
      </div>
      <div role="cell" class={`ownDelta ${toneOf(ownDelta)}`}>
        {deltaText(ownDelta)}
      </div>
    </div>
  );
}

const toneOf = (delta = 0): string => (delta > 0 ? 'slower' : delta < 0 ? 'faster' : '');
