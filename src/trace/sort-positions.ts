/** Keys of positions. */
export type Keys = Float64Array;

/**
 * Sorts the positions between `from` and `to` in place by their keys, the least first; of the same key those with the
 * greatest second key. Others stay as they were. A merge sort of our own, because what the built-in one takes for calling
 * a function for every comparison is several times what all else takes.
 */
export function sortPositions(positions: Int32Array, from: number, to: number, keys: Keys, second?: Keys): void {
  const isAfter = (one: number, other: number): boolean => {
    const difference = (keys[one] as number) - (keys[other] as number);
    if (difference !== 0 || second === undefined) return difference > 0;
    return (second[one] as number) < (second[other] as number);
  };
  let isSorted = true;
  for (let i = from + 1; i < to && isSorted; i++) {
    isSorted = !isAfter(positions[i - 1] as number, positions[i] as number);
  }
  if (isSorted) return;
  let source = positions.slice(from, to);
  let target = new Int32Array(source.length);
  for (let width = 1; width < source.length; width *= 2) {
    for (let start = 0; start < source.length; start += 2 * width) {
      const middle = Math.min(start + width, source.length);
      const end = Math.min(middle + width, source.length);
      let left = start;
      let right = middle;
      for (let at = start; at < end; at++) {
        const takesRight = left >= middle || (right < end && isAfter(source[left] as number, source[right] as number));
        target[at] = source[takesRight ? right++ : left++] as number;
      }
    }
    [source, target] = [target, source];
  }
  positions.set(source, from);
}
