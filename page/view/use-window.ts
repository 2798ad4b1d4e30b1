import { options } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

/** The rows that are on the screen, and some around them. */
export interface Window {
  readonly first: number;
  /** After the last one. */
  readonly end: number;
}

export const ROW_HEIGHT = 24;
/** Rows above and below the screen, so that a wheel's turn finds them drawn. */
const AROUND = 10;
/** More rows on paper than anybody reads. */
const MAX_PRINTED = 3000;

/** Follows the scrolling of the window over a list of `count` rows, and draws more of them for printing. */
export function useWindow(list: RefObject<HTMLElement | null>, count: number): Window {
  const [window, setWindow] = useState<Window>({ first: 0, end: Math.min(count, 60) });
  useEffect(() => {
    let pending = 0;
    const measure = (): void => {
      pending = 0;
      const top = list.current?.getBoundingClientRect().top ?? 0;
      const first = Math.max(0, Math.floor(-top / ROW_HEIGHT) - AROUND);
      const end = Math.min(count, Math.ceil((innerHeight - top) / ROW_HEIGHT) + AROUND);
      setWindow((now) => (now.first === first && now.end === end ? now : { first, end: Math.max(first, end) }));
    };
    const later = (): void => {
      if (pending === 0) pending = requestAnimationFrame(measure);
    };
    const print = (): void => atOnce(() => setWindow({ first: 0, end: Math.min(count, MAX_PRINTED) }));
    const sizes = new ResizeObserver(later);
    sizes.observe(document.body);
    addEventListener('scroll', later, { passive: true });
    addEventListener('resize', later);
    addEventListener('beforeprint', print);
    addEventListener('afterprint', later);
    measure();
    return () => {
      cancelAnimationFrame(pending);
      sizes.disconnect();
      removeEventListener('scroll', later);
      removeEventListener('resize', later);
      removeEventListener('beforeprint', print);
      removeEventListener('afterprint', later);
    };
  }, [count]);
  return window;
}

/** The browser prints what is drawn when the event handler returns. */
function atOnce(change: () => void): void {
  const { debounceRendering } = options;
  options.debounceRendering = (render) => render();
  change();
  if (debounceRendering === undefined) delete options.debounceRendering;
  else options.debounceRendering = debounceRendering;
}

/** Height of what stays at the top of the screen. */
export const coveredHeight = (): number => document.querySelector('.sticky')?.getBoundingClientRect().height ?? 0;

/** Scrolls so that a row of the list is on the screen, below what stays at its top. */
export function scrollToRow(list: HTMLElement | null, position: number): void {
  if (list === null) return;
  const top = list.getBoundingClientRect().top + position * ROW_HEIGHT;
  const covered = coveredHeight();
  if (top >= covered && top + ROW_HEIGHT <= innerHeight) return;
  scrollBy({ top: top - Math.max(covered, innerHeight / 3), behavior: 'instant' });
}
