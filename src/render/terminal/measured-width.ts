import { isPlain, plainWidth, type MeasureText } from './width.ts';

/**
 * Widths of texts that are drawn again and again while something is waited for. string-width is loaded with the first text
 * that needs it; until it is there such a text counts as too wide, which is safe.
 */
export function measureWhenNeeded(): MeasureText {
  let measure: MeasureText | undefined;
  return (text) => {
    if (measure !== undefined) return measure(text);
    if (!isPlain(text)) {
      measure = plainWidth;
      void import('string-width').then(({ default: stringWidth }) => (measure = stringWidth));
    }
    return plainWidth(text);
  };
}
