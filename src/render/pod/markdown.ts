import { UNICODE, type Look } from '../look.ts';
import { code, codeBlock, plainText } from '../data/markdown-text.ts';
import type { MeasureText } from '../terminal/width.ts';
import { escapeText } from '../escape.ts';
import { evidenceWords } from './details.ts';
import type { PodReport } from '../../report/pod-report.ts';
import { headerLines } from './header.ts';
import { drawPodTree } from './screen.ts';
import { setHeaderLines } from './set-lines.ts';
import { worstAlone } from './set.ts';
import { setTable } from './table.ts';
import { stageWords, waitingWords } from './words.ts';

const LOOK: Look = { columns: 100, colour: false, glyphs: UNICODE };

/** For an issue report: what the pod waits for and why, its lifecycle, where its time went. Without server addresses. */
export function writePodMarkdown(report: PodReport, { rows }: Look, measure: MeasureText): string {
  if (report.set !== null) return writeSetMarkdown(report, rows, measure);
  const [lifecycle] = report.lifecycles;
  const { cause } = report.verdict ?? {};
  const look = rows === undefined ? LOOK : { ...LOOK, rows };
  const item = (label: string, text: string | undefined): string[] =>
    text === undefined ? [] : [`- **${label}** ${plainText(text)}`];
  const parts = [
    `### ${code(escapeText(headerLines(report, { ...LOOK, columns: 1000 }, measure).join(' ')))}`,
    [
      ...(cause == null
        ? []
        : [
            ...item('waiting for', report.verdict === null ? undefined : waitingWords(report.verdict)),
            ...item('reason', `${cause.reason}: ${cause.message}`),
            ...item('owner', cause.who),
            ...cause.evidence.flatMap((evidence) => item('evidence', evidenceWords(evidence, report.now))),
            ...cause.next.map(({ command, when }) => `- **do next** ${code(escapeText(command))} ${plainText(when)}`),
          ]),
      ...item('stages', lifecycle === undefined ? undefined : stageWords(lifecycle)),
      ...item('with', `kubectl trace v${report.toolVersion}`),
    ].join('\n'),
    lifecycle === undefined ? '' : codeBlock(drawPodTree(lifecycle, look, measure).lines),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The table of a set, then the worst pod as it is written alone. */
function writeSetMarkdown(report: PodReport, rows: Look['rows'], measure: MeasureText): string {
  const worst = worstAlone(report);
  const [headline = '', ...lines] = setHeaderLines(report, { ...LOOK, columns: 1000 }, measure);
  const table = setTable(report, LOOK, measure);
  const parts = [
    `### ${code(escapeText(headline))}`,
    lines.map(plainText).join('\n'),
    table.length === 0 ? '' : codeBlock(table),
    worst === undefined
      ? `- **with** kubectl trace v${report.toolVersion}`
      : writePodMarkdown(worst, rows === undefined ? LOOK : { ...LOOK, rows }, measure).trimEnd(),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
