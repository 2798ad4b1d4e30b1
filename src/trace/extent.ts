/** A stretch of time on a trace's axis, in nanoseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Spans further away than this, and than ten times all before, would leave nothing of the rest visible on one axis. */
const FAR = 10_000_000_000;
const FAR_TIMES = 10;

/** Whether a gap beside a stretch of this length is so long that everything beyond it is drawn separately. */
export const isFar = (gap: number, length: number): boolean => gap > Math.max(FAR, FAR_TIMES * length);

/**
 * The stretch around `core` that holds everything that is not far from it, or from what is not far from it in turn:
 *
 *     core        |------|
 *     others         |--------|  |--|                                   |-|
 *     extent      |-----------------|          a far one, left out -----^
 *
 * Linear where nothing is far, and else but for sorting.
 */
export function extentOf(core: Stretch, others: readonly Stretch[]): Stretch {
  let { from, to } = core;
  let least = from;
  let most = to;
  for (const other of others) {
    if (other.from < least) least = other.from;
    if (other.to > most) most = other.to;
  }
  if (!isFar(from - least, to - from) && !isFar(most - to, to - from)) return { from: least, to: most };
  for (const other of others.toSorted((a, b) => a.from - b.from)) {
    if (isFar(other.from - to, to - from)) break;
    to = Math.max(to, other.to);
  }
  for (const other of others.toSorted((a, b) => b.to - a.to)) {
    if (isFar(from - other.to, to - from)) break;
    from = Math.min(from, other.from);
  }
  return { from, to };
}

/** On which side of an extent something lies wholly; undefined where it does not. */
export const sideOf = ({ from, to }: Stretch, extent: Stretch): 'before' | 'after' | undefined =>
  from > extent.to ? 'after' : to < extent.from ? 'before' : undefined;

/** Required fields of a placed span. */
interface Placed {
  readonly source: string;
  readonly offset: number;
  readonly duration: number;
}

const stretchOf = ({ offset, duration }: Placed): Stretch => ({ from: offset, to: offset + duration });

/**
 * Spans that processes reported long after the root, or long before it. Rows from this client or from a pod's objects
 * belong to the picture wherever they are.
 */
export function farSpans<P extends Placed>(root: P, spans: readonly P[]): readonly P[] {
  let { from, to } = stretchOf(root);
  let [least, most] = [from, to];
  for (const { source, offset, duration } of spans) {
    if (offset < least) least = offset;
    if (offset + duration > most) most = offset + duration;
    if (source === 'span') continue;
    if (offset < from) from = offset;
    if (offset + duration > to) to = offset + duration;
  }
  if (!isFar(from - least, to - from) && !isFar(most - to, to - from)) return [];
  const extent = extentOf({ from, to }, spans.map(stretchOf));
  return spans.filter((span) => sideOf(stretchOf(span), extent) !== undefined);
}
