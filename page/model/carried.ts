import type { PlacedSpan } from '../../src/trace/trace.ts';
import type { Stretch } from './axis.ts';
import type { Picture } from './picture.ts';
import type { ViewState } from './view-state.ts';

/**
 * The choices of a person about a trace, after more of its spans have come. Spans are named by their index, which
 * changes, and times by their distance from the start, which may change too. What is not there any more is not chosen.
 */
export function carried(state: ViewState, from: Picture, to: Picture): ViewState {
  if (from === to) return state;
  const [before, now] = [from.analysis.trace, to.analysis.trace];
  const indices = indicesByName(now.spans);
  const names = namesOf(before.spans);
  const carry = (index: number | undefined): number | undefined =>
    index === undefined ? undefined : indices.get(names[index] ?? '');
  const carryKey = (key: string): string[] => {
    const [, kind = '', index = ''] = /^(\w+)-(\d+)$/.exec(key) ?? [];
    const next = carry(Number(index));
    return next === undefined ? [] : [`${kind}-${next}`];
  };
  const later = Number(before.startedAt - now.startedAt);
  return {
    ...state,
    opened: new Set([...state.opened].flatMap((index) => carry(index) ?? [])),
    collapsed: new Set([...state.collapsed].flatMap(carryKey)),
    subtree: carry(state.subtree),
    selected: carry(state.selected),
    axis: moved(state.axis, later),
    range: moved(state.range, later),
  };
}

/** The index of a span in a picture with more spans. */
export function carriedIndex(index: number, from: Picture, to: Picture): number | undefined {
  const name = namesOf(from.analysis.trace.spans)[index];
  return name === undefined ? undefined : indicesByName(to.analysis.trace.spans).get(name);
}

const moved = (stretch: Stretch | undefined, by: number): Stretch | undefined =>
  stretch === undefined ? undefined : { from: stretch.from + by, to: stretch.to + by };

/** A span by its IDs; of several that share one, by which of them it is. */
function namesOf(spans: readonly PlacedSpan[]): string[] {
  const seen = new Map<string, number>();
  return spans.map(({ spanID, span: { traceID } }) => {
    const name = `${traceID} ${spanID}`;
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name} ${count}`;
  });
}

const indicesByName = (spans: readonly PlacedSpan[]): ReadonlyMap<string, number> =>
  new Map(namesOf(spans).map((name, index) => [name, index]));
