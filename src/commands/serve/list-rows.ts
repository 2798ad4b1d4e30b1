import { hasSettled } from '../../analysis/completeness/settled.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import { counted } from '../../format/counted.ts';
import { escapeText } from '../../render/escape.ts';
import type { TraceList, TraceSummary } from '../../serve/query/drawing.ts';
import type { EpochNanos } from '../../trace/time.ts';

/** A cell of the list. Its text can be read as it is: characters that act or hide are spelled out. */
export interface ListCell {
  readonly text: string;
  /** The address that the text is a link to. */
  readonly href?: string;
  readonly class?: string;
}

/** A row of the list, by the trace that it is about. */
export interface ListRow {
  readonly id: string;
  readonly cells: readonly ListCell[];
}

/** The titles of the columns, with the classes of their cells. */
export const COLUMNS: readonly ListCell[] = [
  { text: 'Began' },
  { text: 'Service' },
  { text: 'Root span' },
  { text: 'Duration', class: 'number' },
  { text: 'Spans', class: 'number' },
  { text: 'Status' },
  { text: 'Verdict' },
  { text: 'Findings' },
];

export const listRows = ({ traces, now }: Pick<TraceList, 'traces' | 'now'>): ListRow[] =>
  traces.map((trace) => ({ id: trace.traceID, cells: cellsOf(trace, now) }));

function cellsOf(trace: TraceSummary, now: EpochNanos): ListCell[] {
  const { traceID, root, durationNanos, spans, isPartial } = trace;
  return [
    { text: new Date(Number(root.start / 1_000_000n)).toISOString().replace('T', ' '), class: 'dim' },
    { text: escapeText(root.service) },
    { text: root.name === '' ? '(no name)' : escapeText(root.name), href: `/trace/${traceID}`, class: 'name' },
    { text: `${isPartial ? '≥ ' : ''}${formatDuration(durationNanos)}`, class: 'number' },
    { text: `${spans}${isPartial ? ' or more' : ''}`, class: 'number' },
    statusCell(trace),
    // As `show` has it for a trace without its request.
    isSettled(trace, now) ? { text: 'settled', class: 'dim' } : { text: 'partial' },
    findingsCell(trace),
  ];
}

function statusCell({ root, failedSpans }: TraceSummary): ListCell {
  if (root.status === 'error') return { text: '✗ failed', class: 'failed' };
  return failedSpans > 0 ? { text: counted(failedSpans, 'failed span') } : { text: 'no error', class: 'dim' };
}

function findingsCell({ traceID, judgement }: TraceSummary): ListCell {
  if (judgement === 'later') return { text: 'not judged yet', class: 'dim' };
  if (judgement === 'too-large') return { text: 'on its page', class: 'dim' };
  const [first, ...others] = judgement.findings;
  if (first === undefined) return { text: 'none', class: 'dim' };
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return {
    text: `${escapeText(first.headline)}${more}`,
    href: `/trace/${traceID}#span=${first.spanID}`,
    class: first.severity === 'error' ? 'name failed' : 'name',
  };
}

/** Whether the verdict of a trace is `settled`: no more spans of it are expected. */
export function isSettled({ judgement, arrivedMillis }: TraceSummary, now: EpochNanos): boolean {
  const lastEnd = typeof judgement === 'string' ? undefined : judgement.lastEnd;
  return hasSettled(lastEnd, Number(now / 1_000_000n) - arrivedMillis, now);
}
