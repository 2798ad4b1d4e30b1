import { useEffect, useRef, useState } from 'preact/hooks';
import { formatDuration } from '../../src/analysis/wording/duration.ts';
import { lengthOf, panned, stretch, ticksOf, timeAt, zoomed, type Stretch } from '../model/axis.ts';
import type { Page } from './page.ts';
import { useWidth } from './use-width.ts';

interface Properties {
  readonly page: Page;
  readonly axis: Stretch;
  readonly width: number;
  readonly setWidth: (width: number) => void;
  readonly setAxis: (axis: Stretch | undefined) => void;
}

/** A tick's label needs this much room, in pixels. */
const TICK_ROOM = 80;
/** A click moves less than this, in pixels. */
const CLICK = 4;

/** The head of the rows: the names of the columns, and the axis, along which a range is measured by dragging. */
export function AxisRow({ page, axis, width, setWidth, setAxis }: Properties) {
  const { state, derived, change, picture } = page;
  const cell = useRef<HTMLDivElement>(null);
  const [dragFrom, setDragFrom] = useState<number>();
  const fractionAt = (event: MouseEvent): number => {
    const box = cell.current?.getBoundingClientRect();
    return box === undefined ? 0 : Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
  };

  useWidth(cell, setWidth);
  useEffect(() => {
    const target = cell.current?.closest('.grid');
    const wheel = (event: Event): void => {
      if (!(event instanceof WheelEvent) || !(event.ctrlKey || event.shiftKey)) return;
      event.preventDefault();
      const distance = Math.sign(event.deltaY || event.deltaX);
      if (event.ctrlKey) setAxis(zoomed(axis, distance > 0 ? 1.25 : 0.8, fractionAt(event), derived.whole));
      else setAxis(panned(axis, distance * 0.1, derived.whole));
    };
    target?.addEventListener('wheel', wheel, { passive: false });
    return () => target?.removeEventListener('wheel', wheel);
  }, [axis, derived.whole]);

  const positionOf = (time: number): number => ((time - axis.from) / lengthOf(axis)) * 100;
  /** The label of the last tick may end beyond the axis, and stands before its tick then. */
  const hasRoomAfter = (time: number): boolean => ((axis.to - time) / lengthOf(axis)) * width >= TICK_ROOM * 0.75;
  const { range } = state;
  return (
    <div role="rowgroup" class="sticky head">
      <div role="row" class="row header" aria-rowindex={1}>
        <div role="columnheader" class="name">
          row
        </div>
        <div role="columnheader" class="number self">
          {picture.hasSelf ? 'self' : ''}
        </div>
        <div role="columnheader" class="number total">
          total
        </div>
        <div
          ref={cell}
          role="columnheader"
          class="bar axis"
          aria-label={`time from ${formatDuration(axis.from)} to ${formatDuration(axis.to)}`}
          title="drag to measure a range; Ctrl and wheel to zoom, Shift and wheel to move"
          onPointerDown={(event) => {
            cell.current?.setPointerCapture(event.pointerId);
            setDragFrom(fractionAt(event));
            change((now) => ({ ...now, range: undefined }));
          }}
          onPointerMove={(event) => {
            if (dragFrom === undefined) return;
            const fraction = fractionAt(event);
            if (Math.abs(fraction - dragFrom) * width < CLICK) return;
            change((now) => ({ ...now, range: stretch(timeAt(axis, dragFrom), timeAt(axis, fraction)) }));
          }}
          onPointerUp={() => setDragFrom(undefined)}
        >
          {ticksOf(axis, width / TICK_ROOM).map(({ time, text }) => (
            <span class={hasRoomAfter(time) ? 'tick' : 'tick before'} style={{ left: `${positionOf(time)}%` }}>
              {text}
            </span>
          ))}
          {range !== undefined && (
            <span
              class="range"
              style={{ left: `${positionOf(range.from)}%`, width: `${positionOf(range.to) - positionOf(range.from)}%` }}
            />
          )}
        </div>
      </div>
    </div>
  );
}
