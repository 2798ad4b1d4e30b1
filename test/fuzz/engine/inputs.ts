import fc from 'fast-check';
import { Random, seedOf } from './random.ts';
import type { Target } from './target.ts';

/** Share of the inputs that come from the grammar. */
const BY_GRAMMAR = 0.15;
const MAX_MUTATIONS = 4;

/**
 * The inputs of a target, by their number: first the corpus as it is, then mutations of it and inputs of the grammar. An
 * input depends on seed, target and number alone, so that one that ends the process can be made again.
 */
export function inputsOf(target: Target, seed: number): (index: number) => Buffer {
  const corpus = target.corpus();
  return (index) => {
    const known = corpus[index];
    if (known !== undefined) return Buffer.from(known);
    const own = seedOf(seed, target.name, index);
    const random = new Random(own);
    if (target.grammar !== undefined && random.chance(BY_GRAMMAR)) {
      return fc.sample(target.grammar, { seed: own, numRuns: 1 })[0] as Buffer;
    }
    let bytes = random.pick(corpus);
    for (let count = 1 + random.below(MAX_MUTATIONS); count > 0; count--) {
      bytes = random.pick(target.mutations)(bytes, random, random.pick(corpus));
    }
    // A mutation may hand back the corpus itself, which targets must not change.
    return Buffer.from(bytes);
  };
}
