import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { carriedIndex } from '../model/carried.ts';
import type { Visible } from '../model/derived.ts';
import type { Picture } from '../model/picture.ts';
import { coveredHeight, ROW_HEIGHT } from './use-window.ts';

/** A span whose row is to stay where it is on the screen. */
interface Anchor {
  readonly index: number;
  readonly top: number;
}

/**
 * Keeps the rows that are on the screen where they are when more spans have come, above them too. True when the rows were
 * drawn because of that.
 */
export function useAnchor(
  list: RefObject<HTMLElement | null>,
  picture: Picture,
  { visible, positions }: Visible,
): boolean {
  const drawn = useRef({ picture, visible });
  const before = drawn.current;
  const isUpdated = before.picture !== picture;
  // While it is drawn, the document still has what was there before.
  const anchor = isUpdated ? anchorIn(list.current, before, picture) : undefined;
  useLayoutEffect(() => {
    drawn.current = { picture, visible };
    const position = anchor === undefined ? undefined : positions.get(anchor.index);
    if (anchor === undefined || position === undefined || list.current === null) return;
    const top = list.current.getBoundingClientRect().top + position * ROW_HEIGHT;
    scrollBy({ top: top - anchor.top, behavior: 'instant' });
  }, [picture, visible]);
  return isUpdated;
}

/** The first row on the screen; undefined where nothing was scrolled. */
function anchorIn(
  list: HTMLElement | null,
  { picture, visible }: { readonly picture: Picture; readonly visible: Visible['visible'] },
  next: Picture,
): Anchor | undefined {
  if (list === null || scrollY === 0) return undefined;
  const { top } = list.getBoundingClientRect();
  const position = Math.max(0, Math.ceil((coveredHeight() - top) / ROW_HEIGHT));
  const first = visible[position]?.row.spans[0];
  const index = first === undefined ? undefined : carriedIndex(first.index, picture, next);
  return index === undefined ? undefined : { index, top: top + position * ROW_HEIGHT };
}
