import { clusterFlags } from '../../format/cluster-flags.ts';
import { shell, type ShellCommand } from '../../format/shell-command.ts';
import { commandInContext } from '../../pod/in-context.ts';
import type { PodLifecycle } from '../../pod/lifecycle.ts';
import type { PodReport } from '../../report/pod-report.ts';
import type { Look } from '../look.ts';
import { paint } from '../terminal/paint.ts';
import type { MeasureText } from '../terminal/width.ts';
import { wrap } from '../terminal/wrap.ts';
import { commandLines } from './command-lines.ts';
import { hiddenWords, labelled } from './details.ts';
import { setTable } from './set-table.ts';
import { reasonsWords, serviceWords, setHeadline, statesWords } from './set-words.ts';
import { programPart } from '../../format/program-name.ts';

/** Several pods: how many are not well and why, one table of them from the worst, and how to see one of them. */
export function drawPodSet(report: PodReport, look: Look, measure: MeasureText): string {
  return `${setGroups(report, look, measure)
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

export function setGroups(report: PodReport, look: Look, measure: MeasureText): string[][] {
  const { set, verdict } = report;
  if (set === null) return [];
  const block = (label: string, ...texts: readonly (string | undefined)[]): string[] =>
    labelled(label, texts.filter((text) => text !== undefined && text !== '') as string[], look, measure);
  return [
    setHeaderLines(report, look, measure),
    setTable(report, look, measure),
    [
      ...block('reasons', reasonsWords(set)),
      ...block('note', ...(verdict?.notes ?? []).map(({ text }) => text)),
      ...nextLines(report, look, measure),
      ...block('hidden', hiddenWords(report, undefined)),
    ],
  ];
}

/** The headline, and for a Service its endpoints. */
export function setHeaderLines({ subject, set }: PodReport, look: Look, measure: MeasureText): string[] {
  if (set === null) return [];
  const { text } = look.glyphs;
  const headline = wrap(text(setHeadline(subject, set)), look.columns, measure);
  const states = statesWords(set);
  const isBad = set.counts.stuck + set.counts.failed > 0;
  const service = set.service === null ? undefined : serviceWords(set.service, set.total);
  return [
    ...headline.map((line) => (isBad ? paint(line, 'red', look) : line)),
    ...(states === '' ? [] : wrap(text(states), look.columns, measure)),
    ...(service === undefined ? [] : wrap(text(service), look.columns, measure)),
  ];
}

/** The command for the picture of the worst pod, to copy. */
function nextLines({ lifecycles, command }: PodReport, look: Look, measure: MeasureText): string[] {
  const [worst] = lifecycles;
  if (worst === undefined) return [];
  const picture = pictureCommand(worst);
  const text = look.glyphs.text(commandInContext(picture, clusterFlags(command.args)));
  const [first = '', ...others] = commandLines(text, look.columns - 13, measure);
  return [`${paint('picture'.padEnd(13), 'dim', look)}${first}`, ...others.map((line) => `${' '.repeat(13)}${line}`)];
}

const pictureCommand = ({ namespace, name }: PodLifecycle): ShellCommand =>
  shell`${programPart()} pod ${name} -n ${namespace}`;

/** The worst pod of a set as a separate report, to draw its picture. */
export function worstAlone(report: PodReport): PodReport | undefined {
  const [worst] = report.lifecycles;
  if (worst === undefined || report.set === null) return undefined;
  const { namespace, name, verdict } = worst;
  return {
    ...report,
    subject: { kind: 'pod', namespace, name },
    set: null,
    verdict,
    lifecycles: [worst],
    podsLeftOut: 0,
    gaps: [],
  };
}
