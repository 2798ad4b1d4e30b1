import { shownTraceID } from '../terminal/header.ts';
import { displayedFindings } from '../../analysis/findings/index.ts';
import type { Finding } from '../../analysis/findings/finding.ts';
import { formatDuration } from '../../analysis/wording/duration.ts';
import { shareText } from '../terminal/share.ts';
import { escapeText } from '../escape.ts';
import { code, codeBlock, plainText } from './markdown-text.ts';
import { UNICODE, type Look } from '../look.ts';
import { headlineWords, titleWords } from '../terminal/headline.ts';
import { noteSentences } from '../terminal/notes.ts';
import { slowestAlone } from '../../report/repeated.ts';
import type { Report } from '../../report/report.ts';
import { overview } from '../terminal/repeated-screen.ts';
import { mainRequest, requestWords } from '../terminal/request-line.ts';
import { closingSentences, hasTimes } from '../terminal/sentences.ts';
import { shownRows } from '../terminal/shown-rows.ts';
import { traceWords } from '../terminal/shown-words.ts';
import { drawTree } from '../terminal/tree.ts';
import { verdictWords } from '../terminal/verdict-words.ts';
import type { MeasureText } from '../terminal/width.ts';

/** A page of an issue tracker shows about this many columns without a scroll bar. */
const LOOK: Look = { columns: 100, colour: false, glyphs: UNICODE };

/**
 * For an issue report: the request, the tree, the times, the findings, and the unknowns. Without the addresses of
 * servers, which do not belong on a public page.
 */
export function writeMarkdown(all: Report, { rows }: Look, measure: MeasureText): string {
  const report = slowestAlone(all);
  const { analysis } = report;
  if (analysis === null) return '';
  const { waterfall, leftOut } = shownRows(analysis, rows);
  const { lines, legend } = drawTree(waterfall, LOOK, measure);
  const tree = leftOut === undefined ? lines : [...lines, escapeText(leftOut)];
  const sentences = [...closingSentences(report, true), ...noteSentences(analysis.trace.notes)];
  const parts = [
    `### ${code(escapeText(titleWords(report)))}`,
    plainText(overview(all).join('  ')),
    `**${plainText(headlineWords(report))}**`,
    detailItems(report)
      .map((item) => `- ${item}`)
      .join('\n'),
    codeBlock([...tree, '', legend.join('  ')]),
    hasTimes(report) ? timeTable(report) : '',
    displayedFindings(analysis.findings).map(findingItem).join('\n'),
    sentences.map((text) => plainText(text)).join('\n\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function detailItems(report: Report): string[] {
  const request = mainRequest(report);
  const tool = `kubectl trace v${report.toolVersion}`;
  if (request === undefined) return [plainText(traceWords(report)), tool];
  const { verdict, found } = verdictWords(report, request.lookup);
  const [line = '', ...words] = requestWords(request, report);
  const { version } = report.cluster;
  return [
    [code(escapeText(line)), ...words.map(plainText)].join(', '),
    `trace ${code(shownTraceID(report) ?? '')}, ${plainText([verdict, ...found].join(', '))}`,
    [...(version === null ? [] : [`Kubernetes ${plainText(version)}`]), tool].join(', '),
  ];
}

function timeTable({ analysis }: Report): string {
  if (analysis === null) return '';
  const rows = analysis.displayedTimes.map(({ name, time, parts }) => {
    const mostly = parts.slice(0, 3).map((part) => `${part.name} ${formatDuration(part.nanos)}`);
    const cells = [name, formatDuration(time.nanos), shareText(analysis, time), mostly.join(', ')];
    return `| ${cells.map((cell) => plainText(cell)).join(' | ')} |`;
  });
  return ['| Component | Time | Share | Mostly |', '| --- | ---: | ---: | --- |', ...rows].join('\n');
}

/** The finding, with its reason and its hint on separate lines in the source. */
function findingItem({ title, detail, hint, command }: Finding): string {
  const words = [detail, hint ?? ''].filter((text) => text !== '').map((text) => plainText(text));
  const next = command === null ? [] : [code(escapeText(command))];
  return [`- **${plainText(title)}**`, ...words, ...next].join('\\\n  ');
}
