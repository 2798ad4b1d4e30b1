import { isFar } from './extent.ts';
import type { Times } from './placed-times.ts';
import { siblings } from './siblings.ts';

/**
 * Gives spans that have not ended the time that they took at the least: up to the end of what is below them, but of what
 * began long after all before. `common` is the time of the root above several roots: as long as they are, at the least.
 */
export function extendOpen(parents: Int32Array, times: Times, common: Times | undefined): void {
  const { children, from } = siblings(parents);
  const below = (parent: number): Int32Array =>
    children.subarray(from[parent], from[parent + 1]).toSorted((a, b) => offsetOf(a) - offsetOf(b));
  const offsetOf = (position: number): number => times.offset[position] as number;
  const endOf = (position: number): number => offsetOf(position) + (times.duration[position] as number);
  for (const position of childrenFirst(parents, children, from)) {
    if (times.unended[position] !== 1) continue;
    const start = offsetOf(position);
    let length = times.duration[position] as number;
    for (const child of below(position)) {
      if (isFar(offsetOf(child) - start - length, length)) break;
      length = Math.max(length, endOf(child) - start);
    }
    times.duration[position] = Math.min(length, Number.MAX_SAFE_INTEGER - Math.max(0, start));
  }
  if (common === undefined) return;
  for (const top of below(parents.length)) {
    common.duration[0] = Math.min(Math.max(common.duration[0] as number, endOf(top)), Number.MAX_SAFE_INTEGER);
  }
}

/** Every position, those below it before it. */
function childrenFirst(parents: Int32Array, children: Int32Array, from: Int32Array): Int32Array {
  const order = new Int32Array(parents.length);
  let count = 0;
  const add = (parent: number): void => {
    for (let index = from[parent] as number; index < (from[parent + 1] as number); index++)
      order[count++] = children[index] as number;
  };
  add(parents.length);
  for (let next = 0; next < count; next++) add(order[next] as number);
  return order.reverse();
}
