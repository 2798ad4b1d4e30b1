import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** Reports the width of an element in pixels: before its first frame, and after each change. */
export function useWidth(element: RefObject<HTMLElement | null>, setWidth: (width: number) => void): void {
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const sizes = new ResizeObserver(() => setWidth(target.clientWidth));
    sizes.observe(target);
    return () => sizes.disconnect();
  }, []);
}
