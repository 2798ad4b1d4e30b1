import { UNICODE, type Look } from '../../src/render/look.ts';
import { plainWidth, type MeasureText } from '../../src/render/terminal/width.ts';

/** More columns than any sentence has: the browser breaks the lines. */
const UNBROKEN = 1_000_000;

/**
 * How the terminal's functions for sentences draw for the page: without colours, which the style sheet has, with the remarks,
 * and each sentence in one line. Characters that act or hide are spelled out in a browser as they are in a terminal.
 */
export const PAGE_LOOK: Look = { columns: UNBROKEN, colour: false, glyphs: UNICODE, remarks: true };

/** The same, without the remarks that a reader needs once. */
export const PLAIN_LOOK: Look = { columns: UNBROKEN, colour: false, glyphs: UNICODE };

export const measure: MeasureText = plainWidth;

/** A text of a cluster or a backend, fit to be shown. */
export const shownText = (text: string): string => UNICODE.text(text);
