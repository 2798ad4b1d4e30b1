import type { Row } from '../../analysis/rows/waterfall.ts';
import type { Precision } from '../../trace/trace.ts';
import type { Glyphs } from '../look.ts';

/** A sign of a tree, by the name of its glyph, and what it means; without a sign a remark about the others. */
export interface Meaning {
  readonly sign?: 'own' | 'below' | 'inferred' | 'concurrent' | 'error' | 'atMost' | 'lengthOnly';
  readonly words: string;
}

/** Explains the signs of a tree: always those of own time and of the rows below, the others when they were drawn. */
export class Legend {
  readonly #glyphs: Glyphs;
  #inferred = false;
  #concurrent = false;
  #failed = false;
  readonly #precisions = new Set<Precision>();

  constructor(glyphs: Glyphs) {
    this.#glyphs = glyphs;
  }

  add(row: Row, bar: string): void {
    this.#inferred ||= row.inferred;
    this.#failed ||= row.failed;
    if (row.precision !== undefined) this.#precisions.add(row.precision);
    this.#concurrent ||= bar.includes(this.#glyphs.concurrent);
  }

  meanings(): Meaning[] {
    const meanings: Meaning[] = [
      { sign: 'own', words: 'own time' },
      { sign: 'below', words: 'time in the rows below' },
    ];
    if (this.#inferred) meanings.push({ sign: 'inferred', words: 'inferred, no span' });
    if (this.#concurrent) meanings.push({ sign: 'concurrent', words: 'own time that nothing waited for' });
    if (this.#failed) meanings.push({ sign: 'error', words: 'failed' });
    if (this.#precisions.size > 0) meanings.push({ words: 'stages without a sign are exact' });
    if (this.#precisions.has('at-most')) meanings.push({ sign: 'atMost', words: 'at most' });
    if (this.#precisions.has('length-only')) meanings.push({ sign: 'lengthOnly', words: 'length only' });
    return meanings;
  }

  phrases(): string[] {
    const phrases = this.meanings().map(({ sign, words }) =>
      sign === undefined ? words : `${this.#glyphs[sign]} ${words}`,
    );
    return phrases.map((phrase, index) => (index === 0 ? `bars: ${phrase}` : phrase));
  }
}
