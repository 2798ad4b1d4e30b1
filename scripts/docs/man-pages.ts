import { BASIC_FLAGS } from '../../src/cli/arguments.ts';
import { environmentName, type Flag } from '../../src/cli/flag.ts';
import { flagHelp, flagSyntax } from '../../src/cli/help-layout.ts';
import type { CommandHelp } from '../../src/commands/command.ts';
import { ABOUT, ENVIRONMENT, EXAMPLES, flagSections, usageLine } from '../../src/commands/help/text.ts';
import { programName } from '../../src/format/program-name.ts';
import { COMMANDS, PROGRAM, VERBS, type Verb } from '../../src/commands/index.ts';
import { bold, code, filled, flagTag, heading, paragraph, reference, roff, subheading, tagged } from './roff.ts';

/** The program, and what a page needs that is not in the help. */
export interface ManPageTerms {
  readonly version: string;
  /** README.md, which has the exit codes. */
  readonly readme: string;
}

const PROGRAM_PAGE = 'kubectl-trace';
const pageOf = (verb: Verb): string => `${PROGRAM_PAGE}-${verb}`;

/** Where the pages are in the built program. The top folder is one of MANPATH, and npm links each file of package.json. */
export const MAN_FOLDER = 'man/man1';
export const MAN_PAGES: readonly string[] = [PROGRAM_PAGE, ...VERBS.map(pageOf)].map(
  (name) => `dist/${MAN_FOLDER}/${name}.1`,
);

/** File names of the manual, and their texts: a page of the program and one for each command. */
export function manPages(terms: ManPageTerms): ReadonlyMap<string, string> {
  return new Map([
    [`${PROGRAM_PAGE}.1`, programPage(terms)],
    ...VERBS.map((verb) => [`${pageOf(verb)}.1`, commandPage(verb, terms)] as const),
  ]);
}

function programPage(terms: ManPageTerms): string {
  return page(PROGRAM_PAGE, ABOUT, terms, [
    heading('Synopsis'),
    code(['kubectl trace COMMAND [flags]']),
    heading('Description'),
    filled(ABOUT),
    ...PROGRAM.groups.flatMap(({ title, rows }) => [
      subheading(title),
      ...rows.flatMap(([verbs]) =>
        verbs.map((verb) => tagged(reference(pageOf(verb as Verb)), sentenceOf(verb as Verb))),
      ),
    ]),
    heading('Examples'),
    ...examples(EXAMPLES.map(([line, comment]) => [comment, line] as const)),
    heading('Exit status'),
    ...exitCodes(terms.readme).map(([number, text]) => tagged(bold(number), filled(text))),
    heading('Environment'),
    filled(ENVIRONMENT),
  ]);
}

function commandPage(verb: Verb, terms: ManPageTerms): string {
  const command: CommandHelp = COMMANDS[verb];
  const { summary, usage } = command;
  const sections = verb === 'options' ? [{ title: 'Global options', flags: BASIC_FLAGS }] : flagSections(command);
  return page(pageOf(verb), summary, terms, [
    heading('Synopsis'),
    code(usage.map(usageLine)),
    heading('Description'),
    filled(`${summary}.`),
    ...(sections.length === 0 ? [] : [heading('Options')]),
    ...sections.flatMap(({ title, flags }) => [subheading(title), ...flags.map(flagItem)]),
    ...(command.examples.length === 0 ? [] : [heading('Examples'), ...examples(command.examples)]),
    heading('See also'),
    [PROGRAM_PAGE, pageOf('options')]
      .filter((other) => other !== pageOf(verb))
      .map(reference)
      .join(', '),
  ]);
}

/** A command that is divided by a hyphen, or has wider gaps, cannot be copied. */
const LAYOUT = '.nh\n.ad l';

/** The date of a page is left empty: the same sources give the same bytes. */
function page(name: string, summary: string, { version }: ManPageTerms, parts: readonly string[]): string {
  const title = `.TH ${roff(name.toUpperCase())} 1 "" "kubectl\\-trace ${roff(version)}" "kubectl trace"`;
  const short = summary.replace(/\.$/, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
  return `${[title, LAYOUT, heading('Name'), `${roff(name)} \\- ${roff(short)}`, ...parts].join('\n')}\n`;
}

const sentenceOf = (verb: Verb): string => filled(`${COMMANDS[verb].summary}.`);

function flagItem(flag: Flag): string {
  const variable = environmentName(flag);
  const set = variable === undefined ? '' : `\n.br\nEnvironment: ${bold(variable)}`;
  return tagged(flagTag(flagSyntax(flag)), `${filled(`${flagHelp(flag)}.`)}${set}`);
}

function examples(all: readonly (readonly [comment: string, line: string])[]): string[] {
  return all.flatMap(([comment, line], index) => {
    const text = `${comment.charAt(0).toUpperCase()}${comment.slice(1)}:`;
    return [index === 0 ? filled(text) : paragraph(text), code([`${programName()} ${line}`])];
  });
}

/** The table of README.md. */
function exitCodes(readme: string): readonly (readonly [number: string, text: string])[] {
  const rows = [...readme.matchAll(/^\| (\d+) +\| (.*?) +\|\r?$/gm)];
  if (rows.length === 0) throw new Error('README.md has no table of exit codes');
  return rows.map(([, number = '', text = '']) => [number, `${text.replaceAll('`', '')}.`]);
}
