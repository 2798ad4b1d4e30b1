import type { Row } from '../../src/analysis/rows/waterfall.ts';
import { formatDuration } from '../../src/analysis/wording/duration.ts';
import { selfText, totalText } from '../../src/render/terminal/tree-cells.ts';
import type { Stretch } from '../model/axis.ts';
import { PLAIN_LOOK, shownText } from '../model/look.ts';
import { marksOf, type Segment } from '../model/marks.ts';
import type { Picture } from '../model/picture.ts';
import { rowColour } from '../model/colour.ts';
import type { VisibleRow } from '../model/visible.ts';
import { ROW_HEIGHT } from './use-window.ts';

interface Properties {
  readonly item: VisibleRow;
  readonly position: number;
  readonly axis: Stretch;
  readonly width: number;
  readonly picture: Picture;
  readonly isSelected: boolean;
  readonly isFound: boolean;
}

/** Deeper rows are not indented further: their depth is written. */
export const MAX_INDENT = 24;
/** No screen shows more of a label; the details have all of it. */
const MAX_LABEL = 300;

export function RowLine(properties: Properties) {
  const { item, position, picture, isSelected, isFound } = properties;
  const { row, key, isExpanded, isFold } = item;
  const { depth, failed, found } = row;
  const classes = ['row', isSelected && 'selected', isFound && 'is-found', failed && 'failed', found && 'has-finding'];
  if (!row.onCriticalPath) classes.push('off-path');
  const label = labelOf(row);
  return (
    <div
      id={`row-${key}`}
      class={classes.filter(Boolean).join(' ')}
      role="row"
      aria-level={depth + 1}
      aria-expanded={isExpanded}
      aria-selected={isSelected}
      aria-rowindex={position + 2}
      style={{ top: `${position * ROW_HEIGHT}px` }}
    >
      <div role="gridcell" class="name" style={{ '--depth': Math.min(depth, MAX_INDENT) }}>
        {depth > MAX_INDENT && <span class="depth">…{depth} </span>}
        <span class="twisty" aria-hidden="true">
          {isExpanded === undefined ? (isFold ? '⋯' : '') : isExpanded ? '▾' : '▸'}
        </span>
        {found && (
          <span class="sign" role="img" aria-label="finding">
            ▲
          </span>
        )}
        <span class="label">{label}</span>
        {failed && (
          <span class="sign" role="img" aria-label="failed">
            ✗
          </span>
        )}
      </div>
      <div role="gridcell" class="number self">
        {picture.hasSelf ? selfOf(row) : ''}
      </div>
      <div role="gridcell" class="number total">
        {totalOf(row)}
      </div>
      <Bar {...properties} />
    </div>
  );
}

export function labelOf({ label: [text] }: Row): string {
  return shownText(text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL)}…` : text);
}

/** As the terminal writes them. */
export const selfOf = (row: Row): string => selfText(row, PLAIN_LOOK);
export const totalOf = (row: Row): string => totalText(row, PLAIN_LOOK);

function Bar({ item: { row }, axis, width, picture }: Properties) {
  const { beyond, from, to } = row;
  if (beyond !== undefined) {
    const text = beyond === 'after' ? `+${formatDuration(from)} →` : `← -${formatDuration(-to)}`;
    return (
      <div role="gridcell" class={`bar beyond ${beyond}`}>
        {text}
      </div>
    );
  }
  const { own, extent, events } = marksOf(row, axis, width, picture.analysis.trace);
  const kind = row.inferred ? 'inferred' : row.onCriticalPath ? 'own' : 'own concurrent';
  return (
    <div role="gridcell" class="bar" aria-label={`from ${formatDuration(from)} to ${formatDuration(to)}`}>
      <svg aria-hidden="true" width={width} height={ROW_HEIGHT} class={rowColour(row, picture.analysis)}>
        {extent !== undefined && <path class="extent" d={boxes([extent], 11, 2)} />}
        {row.inferred ? (
          <path class={kind} d={lines(own.length > 0 || extent === undefined ? own : [extent])} />
        ) : (
          <path
            class={kind}
            d={boxes(own.length > 0 || extent === undefined ? own : [{ x: extent.x, width: 1.5 }], 6, 12)}
          />
        )}
        {events.length > 0 && <path class="event" d={events.map((x) => `M${x} 3v18`).join('')} />}
      </svg>
    </div>
  );
}

const boxes = (segments: readonly Segment[], y: number, height: number): string =>
  segments.map(({ x, width }) => `M${round(x)} ${y}h${round(width)}v${height}h${round(-width)}z`).join('');

/** Dashes along the middle: no span measured it. */
const lines = (segments: readonly Segment[]): string =>
  segments.map(({ x, width }) => `M${round(x)} 12h${round(width)}`).join('');

const round = (value: number): number => Math.round(value * 10) / 10;
