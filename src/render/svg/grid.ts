/**
 * A picture is laid out as a screen is, in lines of cells, so that the widths of texts are the same. Lengths are in
 * pixels. A cell is as wide as a character of the widest of the usual fonts.
 */
export const CELL = 8.5;
export const LINE = 20;
export const FONT_SIZE = 14;
export const MARGIN = 20;

export const xOf = (column: number): number => MARGIN + column * CELL;
/** Height of the middle of a line. */
export const yOf = (line: number): number => MARGIN + (line + 0.5) * LINE;

/** From the middle of a line down to where its letters stand. */
const BASELINE = 5;
export const baselineOf = (line: number): number => yOf(line) + BASELINE;

/** A length as it is written: to hundredths of a pixel. */
export const px = (length: number): string => String(Math.round(length * 100) / 100);
