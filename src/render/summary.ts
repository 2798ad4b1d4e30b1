import type { Analysis } from '../analysis/analyse.ts';
import { labelOf } from '../analysis/kubernetes/label.ts';
import { failedSpans, slowestSpans } from '../analysis/summary.ts';
import { formatDuration } from '../analysis/wording/duration.ts';
import { shareText } from './share.ts';
import type { PlacedSpan } from '../trace/trace.ts';
import { findingLines } from './findings.ts';
import { headerLines } from './header.ts';
import type { Look } from './look.ts';
import { noteSentences } from './notes.ts';
import type { Report } from './report.ts';
import { closingSentences } from './sentences.ts';
import { drawTable } from './table.ts';
import { truncate, widthOf, type MeasureText } from './width.ts';
import { wrap } from './wrap.ts';

const SLOWEST = 10;
/** Services of other traces may have long names. */
const NAME = 16;
/** Digits of a span ID, and the gaps beside it. */
const SPAN_ID = 20;
/** Errors of a retry loop are all alike; the data outputs have every one of them. */
const MOST_ERRORS = 20;

/** What the time was spent on, the slowest spans and the errors, as tables: `kubectl trace … -o summary`. */
export function drawSummary(report: Report, look: Look, measure: MeasureText): string {
  const { analysis } = report;
  if (analysis === null) return '';
  const sentences = [...closingSentences(report), ...noteSentences(analysis.trace.notes)];
  const groups = [
    headerLines(report, look, measure),
    componentTable(analysis, look, measure),
    slowestTable(analysis, look, measure),
    errorTable(analysis, look, measure),
    findingLines(report, look, measure),
    sentences.flatMap((text) => wrap(look.glyphs.text(text), look.columns, measure)),
  ];
  const texts = groups.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${texts.join('\n\n')}\n`;
}

/** Room for what is named in the first or last column of a table, beside the numbers. */
const NUMBERS = 38;
const MOST_PARTS = 4;

function componentTable(analysis: Analysis, look: Look, measure: MeasureText): string[] {
  const { text, ellipsis } = look.glyphs;
  const room = look.columns - NUMBERS;
  return drawTable(
    [
      { title: 'component' },
      { title: 'time', align: 'right' },
      { title: 'share', align: 'right' },
      { title: 'mostly' },
    ],
    analysis.toldTimes.map(({ name, time, parts }) => {
      const mostly = parts.slice(0, MOST_PARTS).map((part) => `${part.name} ${formatDuration(part.nanos)}`);
      return [
        truncate(text(name), NAME, ellipsis, measure),
        text(formatDuration(time.nanos)),
        shareText(analysis, time),
        truncate(text(mostly.join(', ')), room, ellipsis, measure),
      ];
    }),
  );
}

function slowestTable(analysis: Analysis, look: Look, measure: MeasureText): string[] {
  const rows = slowestSpans(analysis, SLOWEST);
  return drawTable(
    [{ title: 'slowest' }, { title: 'self', align: 'right' }, { title: 'total', align: 'right' }, { title: 'span ID' }],
    rows.map(({ span, self }) => [
      labelWithin(span, look.columns - NUMBERS, look, measure),
      look.glyphs.text(formatDuration(self)),
      look.glyphs.text(formatDuration(span.duration)),
      span.spanID,
    ]),
  );
}

function errorTable(analysis: Analysis, look: Look, measure: MeasureText): string[] {
  const failed = failedSpans(analysis);
  if (failed.length === 0) return [];
  const { text, ellipsis } = look.glyphs;
  const room = Math.floor((look.columns - SPAN_ID) / 2);
  const lines = drawTable(
    [{ title: 'failed' }, { title: 'span ID' }, { title: 'why' }],
    failed
      .slice(0, MOST_ERRORS)
      .map(({ span, why }) => [
        labelWithin(span, room, look, measure),
        span.spanID,
        truncate(text(why), room, ellipsis, measure),
      ]),
  );
  const more = failed.length - MOST_ERRORS;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

/** The longest wording of a span's label that fits, as the tree does it. */
function labelWithin(span: PlacedSpan, columns: number, { glyphs }: Look, measure: MeasureText): string {
  const wordings = labelOf(span).map((wording) => glyphs.text(wording.replace(/ {2}/g, ' ')));
  const fitting = wordings.find((wording) => widthOf(wording, measure) <= columns);
  return fitting ?? truncate(wordings.at(-1) as string, columns, glyphs.ellipsis, measure);
}
