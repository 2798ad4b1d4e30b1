/** Children by their parents' positions, in one array: those of parent p are from `from[p]` to before `from[p + 1]`. */
export interface Siblings {
  readonly children: Int32Array;
  readonly from: Int32Array;
}

/**
 * Groups positions by the parent that each has, those without one (−1) under the position after the last. `order` compares
 * two siblings; those that it takes for equal stay as they came. Linear but for siblings that are not in order yet.
 */
export function siblings(parents: Int32Array, order: (one: number, other: number) => number): Siblings {
  const count = parents.length;
  const parentOf = (position: number): number =>
    (parents[position] as number) < 0 ? count : (parents[position] as number);
  const from = new Int32Array(count + 2);
  for (let position = 0; position < count; position++) from[parentOf(position) + 1]!++;
  for (let parent = 0; parent <= count; parent++) from[parent + 1]! += from[parent] as number;
  const next = from.slice();
  const children = new Int32Array(count);
  for (let position = 0; position < count; position++) children[next[parentOf(position)]!++] = position;
  for (let parent = 0; parent <= count; parent++) {
    const [start, end] = [from[parent] as number, from[parent + 1] as number];
    for (let i = start + 1; i < end; i++) {
      if (order(children[i - 1] as number, children[i] as number) <= 0) continue;
      children.subarray(start, end).sort(order);
      break;
    }
  }
  return { children, from };
}
