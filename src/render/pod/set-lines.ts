import { clusterFlags } from '../../format/cluster-flags.ts';
import { programPart } from '../../format/program-name.ts';
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
import { reasonsWords, serviceWords, setHeadline, statesWords } from './set-words.ts';

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

/** Below the table: the reasons by number, the command for a picture, and what is not shown. */
export function setRemarkLines(report: PodReport, look: Look, measure: MeasureText): string[] {
  const { set, verdict } = report;
  if (set === null) return [];
  const block = (label: string, ...texts: readonly (string | undefined)[]): string[] =>
    labelled(label, texts.filter((text) => text !== undefined && text !== '') as string[], look, measure);
  return [
    ...block('reasons', reasonsWords(set)),
    ...block('note', ...(verdict?.notes ?? []).map(({ text }) => text)),
    ...nextLines(report, look, measure),
    ...block('hidden', hiddenWords(report, undefined)),
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
