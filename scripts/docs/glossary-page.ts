import { CATALOGUE } from '../../src/glossary/catalogue.ts';
import type { Entry, Group } from '../../src/glossary/entry.ts';

/** All below this line is generated; the introduction above it is written by hand. */
const GENERATED = '<!-- Written by `npm run docs`, down to the end. -->';

/** The page with its introduction as it is, and the rows of the catalogue below it. Throws without that line. */
export function withGlossary(page: string): string {
  const [introduction, ...rest] = page.split(GENERATED);
  if (rest.length !== 1) throw new Error(`docs/reading-the-tree.md must have one line ${GENERATED}`);
  return `${introduction}${GENERATED}\n\n${CATALOGUE.map(section).join('\n\n')}\n`;
}

const section = ({ title, about, entries }: Group): string =>
  [`## ${title}`, marked(about), ...entries.map(explanation)].join('\n\n');

function explanation({ name, summary, about, slow, next, since, source, also }: Entry): string {
  const sentence = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  const fields = [
    ['Slow', marked(slow)],
    ['Next', marked(next)],
    ['Since', marked(since)],
    ['Source', marked(source)],
    ...(also === undefined ? [] : [['Also', also.map((one) => `\`${one}\``).join(', ')]]),
  ];
  const list = fields.map(([label, text]) => `- ${label}: ${text}`).join('\n');
  return [`### \`${name}\``, marked(about === undefined ? sentence : `${sentence} ${about}`), list].join('\n\n');
}

/** Flags, metrics, files and commands as code: Markdown has a meaning for some of their signs. */
const marked = (text: string): string =>
  text.replaceAll(
    /kubectl get --raw [^\s,;]+|kubectl trace [a-z]+ (?:--[\w-]+|NAME)|--[a-z][\w-]*(?:=\w[\w-]*)?|\b\w+_\w+\b|\bsrc\/[\w./-]+/g,
    '`$&`',
  );
