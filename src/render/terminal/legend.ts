import type { Row } from '../../analysis/rows/waterfall.ts';
import type { Precision } from '../../trace/trace.ts';
import type { Glyphs } from '../look.ts';

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

  phrases(): string[] {
    const { own, below, inferred, concurrent, error, atMost, lengthOnly } = this.#glyphs;
    const phrases = [`bars: ${own} own time`, `${below} time in the rows below`];
    if (this.#inferred) phrases.push(`${inferred} inferred, no span`);
    if (this.#concurrent) phrases.push(`${concurrent} own time that nothing waited for`);
    if (this.#failed) phrases.push(`${error} failed`);
    if (this.#precisions.size > 0) phrases.push('stages without a sign are exact');
    if (this.#precisions.has('at-most')) phrases.push(`${atMost} at most`);
    if (this.#precisions.has('length-only')) phrases.push(`${lengthOnly} length only`);
    return phrases;
  }
}
