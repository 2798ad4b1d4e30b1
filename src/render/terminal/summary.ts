import type { Analysis } from '../../analysis/analyse.ts';
import { labelOf } from '../../analysis/kubernetes/label.ts';
import type { DisplayedTime } from '../../analysis/timing/displayed-times.ts';
import { failedSpans, slowestSpans } from '../../analysis/summary.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import { shareText } from './share.ts';
import type { PlacedSpan } from '../../trace/trace.ts';
import { otherFindingLines } from './findings.ts';
import { headerLines } from './header.ts';
import { headlineLines } from './headline.ts';
import type { Look } from '../look.ts';
import { noteSentences } from './notes.ts';
import type { Report } from '../../report/report.ts';
import { closingSentences } from './sentences.ts';
import type { TableColumn } from '../text-table.ts';
import { drawFittingTable } from './table.ts';
import { NO_END } from './tree-cells.ts';
import { truncate, widthOf, type MeasureText } from './width.ts';
import { wrap } from './wrap.ts';

const SLOWEST = 10;
/** Services of other traces may have long names. */
const NAME = 16;
/** Digits of a span ID, and the gaps beside it. */
const SPAN_ID = 20;
/** Errors of a retry loop are all alike; the data outputs have every one of them. */
const MAX_ERRORS = 20;

/** Time by component, the slowest spans and the errors, as tables: `kubectl trace … -o summary`. */
export function drawSummary(report: Report, look: Look, measure: MeasureText): string {
  const { analysis } = report;
  if (analysis === null) return '';
  const sentences = [...closingSentences(report, look.remarks === true), ...noteSentences(analysis.trace.notes)];
  const groups = [
    headlineLines(report, look, measure),
    headerLines(report, look, measure),
    componentTable(analysis, look, measure),
    slowestTable(analysis, look, measure),
    errorTable(analysis, look, measure),
    otherFindingLines(report, look, measure),
    sentences.flatMap((text) => wrap(look.glyphs.text(text), look.columns, measure)),
  ];
  const texts = groups.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

const MAX_PARTS = 4;
/** A column of words that is narrower than this says nothing: rather one less. */
const MIN_WORDS_WIDTH = 12;
const GAP = 2;

/** Width left for one more column beside cells of these texts. */
function roomBeside(columns: readonly (readonly string[])[], look: Look, measure: MeasureText): number {
  const width = (texts: readonly string[]): number =>
    texts.reduce((most, text) => Math.max(most, widthOf(text, measure)), 0) + GAP;
  return columns.reduce((left, texts) => left - width(texts), look.columns);
}

function componentTable(analysis: Analysis, look: Look, measure: MeasureText): string[] {
  const { text, ellipsis } = look.glyphs;
  const rows = analysis.displayedTimes.map(({ name, time }) => [
    truncate(text(name), NAME, ellipsis, measure),
    text(formatDuration(time.nanos)),
    shareText(analysis, time),
  ]);
  const titles: TableColumn[] = [
    { title: 'component' },
    { title: 'time', align: 'right' },
    { title: 'share', align: 'right' },
  ];
  const room = roomBeside(
    titles.map(({ title }, index) => [title, ...rows.map((row) => row[index] as string)]),
    look,
    measure,
  );
  if (room < MIN_WORDS_WIDTH) return drawFittingTable(titles, rows, look, measure);
  const mostly = analysis.displayedTimes.map(({ parts }) => truncate(text(partWords(parts)), room, ellipsis, measure));
  return drawFittingTable(
    [...titles, { title: 'mostly' }],
    rows.map((row, index) => [...row, mostly[index] as string]),
    look,
    measure,
  );
}

const partWords = (parts: DisplayedTime['parts']): string =>
  parts
    .slice(0, MAX_PARTS)
    .map((part) => `${part.name} ${formatDuration(part.nanos)}`)
    .join(', ');

function slowestTable(analysis: Analysis, look: Look, measure: MeasureText): string[] {
  const rows = slowestSpans(analysis, SLOWEST);
  const { text } = look.glyphs;
  const self = rows.map((row) => text(formatDuration(row.self)));
  const total = rows.map(({ span }) => (span.ended ? text(formatDuration(span.duration)) : NO_END));
  const ids = rows.map(({ span }) => span.spanID);
  const withoutTotal = roomBeside(
    [
      ['self', ...self],
      ['span ID', ...ids],
    ],
    look,
    measure,
  );
  const withTotal = withoutTotal - roomTaken(['total', ...total]);
  const hasTotal = withTotal >= MIN_WORDS_WIDTH;
  const room = hasTotal ? withTotal : withoutTotal;
  return drawFittingTable(
    [
      { title: 'slowest' },
      { title: 'self', align: 'right' },
      ...(hasTotal ? [{ title: 'total', align: 'right' } as const] : []),
      { title: 'span ID' },
    ],
    rows.map(({ span }, index) => [
      labelWithin(span, room, look, measure),
      self[index] as string,
      ...(hasTotal ? [total[index] as string] : []),
      span.spanID,
    ]),
    look,
    measure,
  );
}

const roomTaken = (texts: readonly string[]): number =>
  texts.reduce((widest, { length }) => Math.max(widest, length), 0) + GAP;

function errorTable(analysis: Analysis, look: Look, measure: MeasureText): string[] {
  const failed = failedSpans(analysis);
  if (failed.length === 0) return [];
  const { text, ellipsis } = look.glyphs;
  const room = Math.floor((look.columns - SPAN_ID) / 2);
  const lines = drawFittingTable(
    [{ title: 'failed' }, { title: 'span ID' }, { title: 'why' }],
    failed
      .slice(0, MAX_ERRORS)
      .map(({ span, why }) => [
        labelWithin(span, room, look, measure),
        span.spanID,
        truncate(text(why), room, ellipsis, measure),
      ]),
    look,
    measure,
  );
  const more = failed.length - MAX_ERRORS;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

/** The longest wording of a span's label that fits, as the tree does it. */
function labelWithin(span: PlacedSpan, columns: number, { glyphs }: Look, measure: MeasureText): string {
  const wordings = labelOf(span).map((wording) => glyphs.text(wording.replace(/ {2}/g, ' ')));
  const fitting = wordings.find((wording) => widthOf(wording, measure) <= columns);
  return fitting ?? truncate(wordings.at(-1) as string, columns, glyphs.ellipsis, measure);
}
