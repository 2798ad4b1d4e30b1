import type { Analysis } from '../analysis/analyse.ts';
import { hasFailed } from '../analysis/attributes.ts';
import { toldFindings } from '../analysis/findings/find.ts';
import { foldRows, withAncestors } from '../analysis/fold.ts';
import { kubernetesRows } from '../analysis/kubernetes/rows.ts';
import { filterRows, type RowFilter } from '../analysis/row-filter.ts';
import { waterfall, type Waterfall } from '../analysis/waterfall.ts';

/** The rows of a drawing, and a sentence about those that were asked not to be in it. */
export interface ShownRows {
  readonly waterfall: Waterfall;
  readonly leftOut: string | undefined;
}

/** Folds what is repeated, but nothing that failed or that a finding is about. Data outputs have every span. */
export function shownRows(analysis: Analysis, filter: RowFilter = {}): ShownRows {
  const all = kubernetesRows(analysis.trace);
  const words = filterWords(filter);
  const { root, leftOut } = words.length === 0 ? { root: all, leftOut: 0 } : filterRows(all, filter);
  const failed = analysis.trace.spans.filter(({ span }) => hasFailed(span));
  const told = toldFindings(analysis.findings).map(({ spans: [span] }) => span);
  const rows = foldRows(root, withAncestors([...failed, ...told]));
  return {
    waterfall: waterfall(rows, analysis),
    leftOut: leftOut === 0 ? undefined : `${countOf(leftOut)} not shown: ${words.join(' ')}`,
  };
}

const countOf = (rows: number): string => (rows === 1 ? '1 row' : `${rows} rows`);

/** The flags that a filter came from, as they would be typed. */
function filterWords({ depth, minDuration, services, errors, noInferred }: RowFilter): string[] {
  return [
    ...(depth === undefined ? [] : [`--depth ${depth}`]),
    ...(minDuration === undefined ? [] : [`--min-duration ${shortDuration(minDuration)}`]),
    ...(services === undefined ? [] : [`--service ${services.join(',')}`]),
    ...(errors === true ? ['--errors'] : []),
    ...(noInferred === true ? ['--no-inferred'] : []),
  ];
}

const UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
] as const;

/** `1.5ms`: exact, in the largest unit that it has one of. */
function shortDuration(nanos: number): string {
  const [unit, size] = UNITS.find(([, one]) => nanos >= one) ?? ['ns', 1];
  return `${nanos / size}${unit}`;
}
