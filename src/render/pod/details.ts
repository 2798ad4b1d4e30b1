import { counted } from '../../format/counted.ts';
import { clockTime, timesWords } from '../../pod/lanes/words.ts';
import { decisiveLine } from '../../pod/causes/evidence.ts';
import type { PodLifecycle } from '../../pod/lifecycle.ts';
import type { Evidence, Note, Verdict } from '../../pod/verdict.ts';
import type { Look } from '../look.ts';
import { paint } from '../terminal/paint.ts';
import { padEnd, truncate, type MeasureText } from '../terminal/width.ts';
import { wrap } from '../terminal/wrap.ts';
import type { PodReport } from '../../report/pod-report.ts';
import { commandLines } from './command-lines.ts';
import { causeWords, stageWords, waitingWords } from './words.ts';

/** The column of `waiting for`, with the blanks after it. */
export const LABEL_COLUMNS = 13;
const MAX_EVIDENCE = 6;
/** The purposes of commands stand in one column behind them, where the commands are no longer than this. */
const MAX_COMMAND_WIDTH = 50;

/** The lines below the headline: why it is not further, who can end that, and what to do. */
export function conclusionLines(report: PodReport, look: Look, measure: MeasureText): string[] {
  const { verdict, now } = report;
  const { cause = null, notes = [] } = verdict ?? {};
  const block = blockIn(look, measure);
  return [
    ...(verdict === null || cause === null
      ? []
      : [
          ...block('reason', causeWords(verdict.state, cause)),
          ...block('log', logWords(cause.evidence, look, measure)),
          ...block('owner', cause.who),
          ...(cause.retryAt === undefined ? [] : block('next try', `not before ${clockTime(cause.retryAt, now)}`)),
        ]),
    ...block('note', ...notes.map(noteWords)),
    ...(verdict === null || cause === null ? [] : besideLabel('do next', commands(verdict, look, measure), look)),
  ];
}

/** The grounds: what it waits for, the evidence, where its time went, and what is not shown. */
export function detailLines(report: PodReport, look: Look, measure: MeasureText): string[] {
  const { verdict, now } = report;
  const [lifecycle] = report.lifecycles;
  const stages = lifecycle === undefined ? '' : stageWords(lifecycle);
  const block = blockIn(look, measure);
  return [
    ...(verdict === null || verdict.cause === null
      ? []
      : [
          ...block('waiting for', waitingWords(verdict)),
          ...block(
            'evidence',
            ...evidence(verdict.cause.evidence, now, logWords(verdict.cause.evidence, look, measure)),
          ),
        ]),
    ...(stages === '' ? [] : block('stages', stages)),
    ...block('hidden', hiddenWords(report, lifecycle)),
  ];
}

type Block = (label: string, ...texts: readonly (string | undefined)[]) => string[];

const blockIn =
  (look: Look, measure: MeasureText): Block =>
  (label, ...texts) =>
    labelled(
      label,
      texts.filter((text) => text !== undefined),
      look,
      measure,
    );

const noteWords = ({ text, next }: Note): string => (next === undefined ? text : `${text}: ${next.command}`);

/** The last word of the program, in one line. */
function logWords(all: readonly Evidence[], { columns, glyphs }: Look, measure: MeasureText): string | undefined {
  const line = decisiveLine(all);
  return line && truncate(glyphs.text(line.text), columns - LABEL_COLUMNS, glyphs.ellipsis, measure);
}

/** `above`: the line of the log that stands below the reason, unless it is cut there. */
function evidence(known: readonly Evidence[], now: PodReport['now'], above: string | undefined): string[] {
  const all = known.filter(({ kind, text }) => kind !== 'log' || text !== above);
  const lines = all.slice(0, MAX_EVIDENCE).map((item) => evidenceWords(item, now));
  const more = all.length - MAX_EVIDENCE;
  return more > 0 ? [...lines, `and ${more} more; see -o json`] : lines;
}

/** `event Failed: … (×3, 08:58:14 to 08:58:55)` */
export function evidenceWords({ kind, text, count = 1, first, last }: Evidence, now: PodReport['now']): string {
  const from = first === undefined ? undefined : clockTime(first, now);
  const to = last === undefined ? undefined : clockTime(last, now);
  const when = from === undefined || to === undefined || from === to ? (to ?? from) : `${from} to ${to}`;
  const about = [timesWords(count).trim(), when ?? ''].filter((word) => word !== '').join(', ');
  return `${kind} ${text}${about === '' ? '' : ` (${about})`}`;
}

/** A command's purpose stands beside it, or below it as a comment of the shell: copying it does no harm. */
function commands({ cause }: Verdict, { columns, glyphs }: Look, measure: MeasureText): string[] {
  const steps = (cause?.next ?? []).map(({ command, when }) => {
    const [text, why] = [glyphs.text(command), glyphs.text(withoutMeaning(when))];
    const room = columns - LABEL_COLUMNS - why.length - 2;
    return { text, why, room, fits: text.length <= room };
  });
  const beside = Math.min(MAX_COMMAND_WIDTH, ...steps.filter(({ fits }) => fits).map(({ room }) => room));
  return steps.flatMap(({ text, why, fits }) =>
    fits
      ? [`${padEnd(text, beside, measure)}  ${why}`]
      : [
          ...commandLines(text, columns - LABEL_COLUMNS, measure),
          ...keepGaps(`# ${why}`, columns - LABEL_COLUMNS, measure),
        ],
  );
}

/** Copied with the command, a text of the cluster means nothing to a shell: not every shell takes a # for a comment. */
const withoutMeaning = (text: string): string => text.replace(/[`$\\;&|<>="!\n\r]/g, '?');

/** Everything that the screen does not show, and why. */
export function hiddenWords(
  { gaps, podsLeftOut, set }: PodReport,
  lifecycle: PodLifecycle | undefined,
): string | undefined {
  const words = [
    ...(lifecycle !== undefined && lifecycle.earlierEvents > 0
      ? [`${counted(lifecycle.earlierEvents, 'event')} of an earlier pod/${lifecycle.name} (another UID)`]
      : []),
    ...(lifecycle !== undefined && lifecycle.quietSyncs > 0
      ? [`${counted(lifecycle.quietSyncs, 'kubelet sync')} that changed nothing`]
      : []),
    ...(podsLeftOut > 0 && set == null ? [counted(podsLeftOut, 'more pod')] : []),
    ...gaps.map(({ what, why }) => `${what} (${why})`),
  ];
  return words.length === 0 ? undefined : words.join('; ');
}

/** Texts with a label before the first one. */
export function labelled(label: string, texts: readonly string[], look: Look, measure: MeasureText): string[] {
  const room = look.columns - LABEL_COLUMNS;
  const lines = texts.flatMap((text) => keepGaps(look.glyphs.text(text), room, measure));
  return besideLabel(label, lines, look);
}

/** The label in the first line, the text beside it; every further line begins where the text does. */
const besideLabel = (label: string, lines: readonly string[], look: Look): string[] =>
  lines.map((line, index) => {
    const head = index === 0 ? paint(label.padEnd(LABEL_COLUMNS), 'dim', look) : ' '.repeat(LABEL_COLUMNS);
    return `${head}${line}`.trimEnd();
  });

/** A line that fits keeps its columns; only one that is too long is wrapped. */
const keepGaps = (text: string, room: number, measure: MeasureText): string[] =>
  text.length <= room ? [text] : wrap(text, room, measure);
