import { counted } from '../../format/counted.ts';
import { nanos, type Nanos } from '../../trace/time.ts';
import { farSpans } from '../../trace/extent.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import type { Analysis } from '../../analysis/analyse.ts';
import { displayedFindings } from '../../analysis/findings/index.ts';
import { foldFastSteps } from '../../analysis/rows/fast-steps.ts';
import { foldRows, withAncestors } from '../../analysis/rows/fold.ts';
import { isRefusal } from '../../analysis/rows/repeated-requests.ts';
import { kubernetesRows } from '../../analysis/kubernetes/rows.ts';
import type { RowNode } from '../../analysis/rows/row-node.ts';
import { filterRows, longestRows, type RowFilter } from '../../analysis/rows/filter.ts';
import { waterfall, type Waterfall } from '../../analysis/rows/waterfall.ts';

/** The rows of a drawing, and a sentence about those that the user filtered out. */
export interface ShownRows {
  readonly waterfall: Waterfall;
  readonly leftOut: string | undefined;
  /** How many rows the filter left out. */
  readonly filteredOut: number;
}

/** Findings about requests that are merged into one row: the sign stands on that row. */
const ABOUT_MANY: ReadonlySet<string> = new Set(['repeated-requests', 'n-plus-one']);

/** More rows than a person reads, and a drawing of megabytes. */
const MAX_ROWS = 5000;

/**
 * Folds what is repeated and what is fast, but nothing that failed or that a finding is about. With --full or
 * --min-duration fast rows are drawn; of very many rows then the longest, unless --min-duration says which. Data outputs
 * have every span.
 */
export function shownRows(
  analysis: Analysis,
  filter: RowFilter = {},
  all: RowNode = kubernetesRows(analysis.trace),
): ShownRows {
  const words = filterWords(filter);
  const filtered = words.length === 0 ? { root: all, leftOut: 0 } : filterRows(all, filter);
  const failed = analysis.failed.filter((placed) => !isRefusal(placed));
  const withFindings = displayedFindings(analysis.findings)
    .filter(({ id }) => !ABOUT_MANY.has(id))
    .map(({ spans: [span] }) => span);
  const { opened = [] } = filter;
  const separate = withAncestors([...failed, ...withFindings, ...opened]);
  const folded = filter.unfolded === true ? filtered.root : foldRows(filtered.root, separate, farOf(analysis));
  const required = new Set([...failed.slice(0, MAX_ROWS), ...withFindings, ...opened]);
  const drawsFast = filter.full === true || filter.minDuration !== undefined;
  const root = drawsFast ? folded : foldFastSteps(folded, workingTime(analysis), required);
  const longest = filter.minDuration === undefined ? longestRows(root, MAX_ROWS, required) : { root, leftOut: 0 };
  const sentences = [
    ...(filtered.leftOut === 0 ? [] : [`${countOf(filtered.leftOut)} not shown: ${words.join(' ')}`]),
    ...(longest.leftOut === 0
      ? []
      : [`${countOf(longest.leftOut)} not shown, the shortest; --min-duration 0 draws all`]),
  ];
  return {
    waterfall: waterfall(longest.root, analysis),
    leftOut: sentences.join('; ') || undefined,
    filteredOut: filtered.leftOut,
  };
}

/** Shares are of the time without open streams. */
const workingTime = ({ trace: { duration }, openNanos }: Analysis): Nanos => nanos(duration - openNanos);

const farOf = ({ trace: { root, spans, notes } }: Analysis): ReadonlySet<PlacedSpan> =>
  new Set(notes.some(({ code }) => code === 'far-from-root') ? farSpans(root, spans) : []);

const countOf = (rows: number): string => counted(rows, 'row');

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
function shortDuration(time: number): string {
  const [unit, size] = UNITS.find(([, unitNanos]) => time >= unitNanos) ?? ['ns', 1];
  return `${time / size}${unit}`;
}
