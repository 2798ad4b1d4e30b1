/** Keys of positions. */
export type Keys = Float64Array;

/** How most processors keep a number of 64 bits; on others a merge does it all. */
const LOWER_HALF_FIRST = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Below that a merge is as fast. */
const FEW = 64;

/**
 * Sorts the positions between `from` and `to` in place by their keys, the least first; of the same key those with the
 * greatest second key. Others stay as they were. Not by the built-in sort of arrays: what that takes for calling a function
 * for every comparison is several times what all else takes.
 */
export function sortPositions(positions: Int32Array, from: number, to: number, keys: Keys, second?: Keys): void {
  const keyAt = (index: number): number => keys[positions[index] as number] as number;
  const secondAt = (index: number): number => (second as Keys)[positions[index] as number] as number;
  const isInOrder = (index: number): boolean =>
    keyAt(index - 1) < keyAt(index) ||
    (keyAt(index - 1) === keyAt(index) && (second === undefined || secondAt(index - 1) >= secondAt(index)));
  let sorted = from + 1;
  while (sorted < to && isInOrder(sorted)) sorted++;
  if (sorted >= to) return;
  if (to - from < FEW || !sortPacked(positions, from, to, keys)) {
    merge(positions, from, to, (one, other) => (keys[one] as number) > (keys[other] as number));
  }
  if (second === undefined) return;
  for (let start = from, end = from + 1; start < to; start = end, end++) {
    while (end < to && keyAt(end) === keyAt(start)) end++;
    if (end - start > 1) {
      merge(positions, start, end, (one, other) => (second[one] as number) < (second[other] as number));
    }
  }
}

/**
 * Sorts with the built-in sort of 64-bit numbers, which calls no function: above a key's bits, less the least of all
 * keys, below where it was. False where both do not fit together, and for keys that are not integers.
 *
 *     63                     16            0
 *     | key − least of all    | place       |      of 100,000 positions
 */
function sortPacked(positions: Int32Array, from: number, to: number, keys: Keys): boolean {
  const count = to - from;
  let least = Infinity;
  let most = -Infinity;
  for (let index = from; index < to; index++) {
    const key = keys[positions[index] as number] as number;
    if (!Number.isSafeInteger(key)) return false;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  const places = 2 ** Math.ceil(Math.log2(count));
  const lower = 2 ** 32 / places;
  if (!LOWER_HALF_FIRST || !Number.isSafeInteger(most - least) || (most - least) / lower >= 2 ** 32) return false;
  const packed = new BigUint64Array(count);
  const halves = new Uint32Array(packed.buffer);
  for (let place = 0; place < count; place++) {
    const key = (keys[positions[from + place] as number] as number) - least;
    const upper = Math.floor(key / lower);
    halves[2 * place] = (key - upper * lower) * places + place;
    halves[2 * place + 1] = upper;
  }
  packed.sort();
  const before = positions.slice(from, to);
  for (let place = 0; place < count; place++) {
    positions[from + place] = before[(halves[2 * place] as number) % places] as number;
  }
  return true;
}

function merge(
  positions: Int32Array,
  from: number,
  to: number,
  isAfter: (one: number, other: number) => boolean,
): void {
  let source = positions.slice(from, to);
  let target = new Int32Array(source.length);
  for (let width = 1; width < source.length; width *= 2) {
    for (let start = 0; start < source.length; start += 2 * width) {
      const middle = Math.min(start + width, source.length);
      const end = Math.min(middle + width, source.length);
      let left = start;
      let right = middle;
      for (let index = start; index < end; index++) {
        const takesRight = left >= middle || (right < end && isAfter(source[left] as number, source[right] as number));
        target[index] = source[takesRight ? right++ : left++] as number;
      }
    }
    [source, target] = [target, source];
  }
  positions.set(source, from);
}
