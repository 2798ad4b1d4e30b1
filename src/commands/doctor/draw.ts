import type { Diagnosis } from '../../doctor/diagnose.ts';
import { TITLES, docsPage, type CheckResult, type CheckState } from '../../doctor/result.ts';
import type { Look } from '../../render/look.ts';
import { padEnd, widthOf, type MeasureText } from '../../render/terminal/width.ts';
import { wrap } from '../../render/terminal/wrap.ts';

/** Longer lines are hard to read. */
const MAX_COLUMNS = 100;
/** Fewer columns beside the titles are too narrow for a summary. */
const MIN_TEXT_COLUMNS = 30;
const NARROW = '    ';

/** Columns before what was looked at, and before a fix. */
const LABEL_COLUMNS = 15;

/** A word as well as a sign, so that nothing depends on the font or on a color. */
const SIGNS: Readonly<Record<CheckState, readonly [unicode: string, ascii: string, word: string]>> = {
  ok: ['✓', '+', 'ok'],
  warning: ['‼', '!', 'warning'],
  failed: ['✗', 'x', 'failed'],
  unknown: ['·', '?', 'unknown'],
};

/**
 * One line for each check. What was looked at, the fix and the page are below it where something is wrong, or `isWide`;
 * of a check that could not be made, only the fix. The last line names the first cause.
 */
export function drawDiagnosis(diagnosis: Diagnosis, isWide: boolean, look: Look, measure: MeasureText): string {
  const { checks } = diagnosis;
  const titles = checks.map(({ id }) => widthOf(TITLES[id], measure));
  const columns = titles.reduce((widest, width) => Math.max(widest, width), 0);
  const shown = isWide ? checks : checks.map(withoutRepeats(checks));
  const lines = shown.map((check) => drawCheck(check, { columns, isWide }, look, measure)).join('');
  const words = firstCause(diagnosis);
  if (words === undefined) return lines;
  const verdict = wrap(look.glyphs.text(words), Math.min(look.columns, MAX_COLUMNS), measure);
  return `${lines}\n${verdict.map((line) => `${line.trimEnd()}\n`).join('')}`;
}

/** The conclusion, where a screen ends: the first broken link, else the worst check. Undefined where nothing is wrong. */
function firstCause({ checks, brokenLink }: Diagnosis): string | undefined {
  const named = checks.filter(({ causes }) => causes.length > 0);
  const first =
    named.find(({ id }) => id === brokenLink) ?? named.find(({ state }) => state === 'failed') ?? named.at(0);
  if (first === undefined) return undefined;
  const { id, causes, fix } = first;
  return `First cause: ${causes.join(', ')} (${TITLES[id]}). Next: ${fix[0] ?? docsPage(id)}`;
}

/** A check that could not be made, without the fix that another one has above it: then one line says enough. */
const withoutRepeats =
  (checks: readonly CheckResult[]) =>
  (check: CheckResult, index: number): CheckResult => {
    const above = new Set(checks.slice(0, index).flatMap(({ fix }) => fix));
    const isRepeated = check.state === 'unknown' && check.fix.every((line) => above.has(line));
    return isRepeated ? { ...check, fix: [] } : check;
  };

function drawCheck(
  check: CheckResult,
  { columns, isWide }: { readonly columns: number; readonly isWide: boolean },
  look: Look,
  measure: MeasureText,
): string {
  const { id, state, summary, looked, fix } = check;
  const { text } = look.glyphs;
  const [unicode, ascii, word] = SIGNS[state];
  const isASCII = look.glyphs.error !== '✗';
  const head = `${isASCII ? ascii : unicode} ${padEnd(word, 7, measure)}  ${padEnd(TITLES[id], columns, measure)}  `;
  const indent = ' '.repeat(widthOf(head, measure));
  const available = Math.min(look.columns, MAX_COLUMNS + indent.length);
  const room = available - indent.length;
  // A narrow terminal has the summary below.
  const lines =
    room < MIN_TEXT_COLUMNS
      ? [head, ...wrap(text(summary), available - NARROW.length, measure).map((line) => `${NARROW}${line}`)]
      : wrap(text(summary), room, measure).map((line, index) => `${index === 0 ? head : indent}${line}`);
  const isExplained = isWide || state === 'warning' || state === 'failed' || (state === 'unknown' && fix.length > 0);
  if (isExplained) {
    const below = (label: string, values: readonly string[]): void => {
      const body = values.flatMap((value) => wrap(text(value), available - LABEL_COLUMNS, measure));
      for (const [index, line] of body.entries()) {
        lines.push(`${padEnd(index === 0 ? `    ${label}` : '', LABEL_COLUMNS, measure)}${line}`);
      }
    };
    if (isWide || state !== 'unknown') below('looked at', looked);
    below('fix', fix);
    if (state !== 'ok' && (isWide || state !== 'unknown')) below('docs', [docsPage(id)]);
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
