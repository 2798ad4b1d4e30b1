import { createHash } from 'node:crypto';
import { seededRandom } from '../../support/seeded-random.ts';

/** Draws that are the same for the same seed. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seededRandom(seed);
  }

  /** From 0 to below `limit`, which is at least 1. */
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  /** `list` has at least one element. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  bytes(size: number): Buffer {
    const bytes = Buffer.allocUnsafe(size);
    for (let at = 0; at < size; at++) bytes[at] = this.below(256);
    return bytes;
  }
}

/** A seed of 32 bits for one input: neighbors have nothing in common. */
export const seedOf = (seed: number, target: string, index: number): number =>
  createHash('sha256').update(`${seed} ${target} ${index}`).digest().readUInt32LE(0);
