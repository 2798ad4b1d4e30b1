import { styleText } from 'node:util';
import type { Look } from '../look.ts';

export type Colour = 'red' | 'dim' | 'cyan' | 'yellow' | 'bold';

/** Colours a text where the look has colours. Colour only repeats signs and words. */
export function paint(text: string, colour: Colour | undefined, look: Look): string {
  if (!look.colour || colour === undefined || text.trim() === '') return text;
  return styleText(colour, text, { validateStream: false });
}
