/** Children by their parents' positions, in one array: those of parent p are from `from[p]` to before `from[p + 1]`. */
export interface Siblings {
  readonly children: Int32Array;
  readonly from: Int32Array;
}

/**
 * Groups positions by the parent that each has, those without one (−1) under the position after the last. Siblings stand
 * in the order of their positions.
 */
export function siblings(parents: Int32Array): Siblings {
  const count = parents.length;
  const parentOf = (position: number): number => {
    const parent = parents[position] as number;
    return parent < 0 ? count : parent;
  };
  const from = new Int32Array(count + 2);
  for (let position = 0; position < count; position++) {
    const after = parentOf(position) + 1;
    from[after] = (from[after] as number) + 1;
  }
  for (let parent = 0; parent <= count; parent++)
    from[parent + 1] = (from[parent + 1] as number) + (from[parent] as number);
  const children = new Int32Array(count);
  const next = from.slice();
  for (let position = 0; position < count; position++) {
    const parent = parentOf(position);
    const index = next[parent] as number;
    children[index] = position;
    next[parent] = index + 1;
  }
  return { children, from };
}
