import type { Group } from '../../glossary/entry.ts';
import type { Found } from '../../glossary/find.ts';
import type { Look } from '../../render/look.ts';
import { padEnd, truncate, widthOf, type MeasureText } from '../../render/terminal/width.ts';
import { wrap } from '../../render/terminal/wrap.ts';

/** Longer names move their summary to the right. */
const MAX_NAME_COLUMNS = 34;

/** Every name with one line, by group. */
export function drawList(groups: readonly Group[], look: Look, measure: MeasureText): string {
  const { text, ellipsis } = look.glyphs;
  const drawn = groups.map(({ title, entries }) => {
    const widths = entries.map(({ name }) => widthOf(text(name), measure));
    const columns = Math.min(
      MAX_NAME_COLUMNS,
      widths.reduce((one, other) => Math.max(one, other), 0),
    );
    const rows = entries.map(({ name, summary }) => `  ${padEnd(text(name), columns, measure)}  ${text(summary)}`);
    return [text(title), ...rows].map((line) => `${truncate(line, look.columns, ellipsis, measure)}\n`).join('');
  });
  return drawn.join('\n');
}

/** Names of the fields in one column. */
const LABEL_COLUMNS = 8;
/** Longer lines are hard to read. */
const MAX_TEXT_COLUMNS = 100;

/** The complete entries, one after the other. */
export const drawEntries = (found: readonly Found[], look: Look, measure: MeasureText): string =>
  found.map((one) => drawEntry(one, look, measure)).join('\n');

function drawEntry({ group, entry }: Found, look: Look, measure: MeasureText): string {
  const { text } = look.glyphs;
  const columns = Math.min(look.columns, MAX_TEXT_COLUMNS);
  const { name, summary, about, since, source, slow, next, also } = entry;
  const field = (label: string, value: string): string[] =>
    wrap(text(value), columns - LABEL_COLUMNS, measure).map((line, index) =>
      `${index === 0 ? padEnd(label, LABEL_COLUMNS, measure) : ' '.repeat(LABEL_COLUMNS)}${line}`.trimEnd(),
    );
  const paragraphs = [`${group.title}: ${summary}.`, ...(about === undefined ? [] : [about])];
  return [
    ...wrap(text(name), columns, measure),
    ...paragraphs.flatMap((paragraph) => wrap(text(paragraph), columns, measure)),
    ...field('slow', slow),
    ...field('next', next),
    ...field('since', since),
    ...field('source', source),
    ...(also === undefined ? [] : field('also', also.join('; '))),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
