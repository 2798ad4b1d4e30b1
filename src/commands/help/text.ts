import { BASIC_FLAGS } from '../../cli/arguments.ts';
import { environmentName, type Flag } from '../../cli/flag.ts';
import { flagRows, section, wrap } from '../../cli/help-layout.ts';
import type { CommandHelp, Program } from '../command.ts';
import { programName } from '../../format/program-name.ts';

export const ABOUT = 'Run any kubectl command, find its traces, and show where the time went.';

export const EXAMPLES = [
  ['get nodes', 'where the time of a list went'],
  ['pod deployment/web --follow', 'why a rollout does not finish'],
  ['rollout status deploy/web', 'any kubectl command'],
] as const;

const readOn = (): string => `Use "${programName()} COMMAND --help" for more information about a given command.`;

const globalOptions = (): string =>
  `Use "${programName()} options" for a list of global command-line options (applies to all commands).`;

export const ENVIRONMENT =
  'Many flags can also be set in the environment, for example KUBECTL_TRACE_BACKEND for --backend. A flag takes precedence.';

/** The help text of one command, or of the program. Ends with a line break. */
export function helpText(program: Program, topic?: string): string {
  if (topic === 'options') return optionsText();
  const command = topic === undefined ? undefined : program.commands[topic];
  return textOf(command === undefined ? programHelp(program) : commandHelp(command));
}

/** The flags of all commands, as `kubectl options` lists them. */
export function optionsText(): string {
  return textOf(['The following options can be passed to any command:', flagRows(BASIC_FLAGS)]);
}

const textOf = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`;

/** One screen of 24 lines, the prompt included. */
function programHelp({ groups }: Program): string[] {
  const width = Math.max(...groups.flatMap(({ rows }) => rows.map(([verbs]) => verbs.join(', ').length)));
  const exampleWidth = Math.max(...EXAMPLES.map(([command]) => command.length));
  return [
    ABOUT,
    ...groups.map(({ title, rows }) =>
      section(
        title,
        rows.map(([verbs, text]) => `${verbs.join(', ').padEnd(width)}  ${text}`),
      ),
    ),
    section(
      'Examples',
      EXAMPLES.map(([command, comment]) => `${programName()} ${command.padEnd(exampleWidth)}  # ${comment}`),
    ),
    readOn(),
  ];
}

function commandHelp(command: CommandHelp): string[] {
  const { summary, usage, examples } = command;
  const sections = flagSections(command);
  const hasEnvironment = sections.some(({ flags }) => flags.some((flag) => environmentName(flag) !== undefined));
  return [
    wrap(`${summary}.`),
    section('Usage', usage.map(usageLine)),
    ...(examples.length === 0
      ? []
      : [`Examples:\n${examples.map(([comment, line]) => `  # ${comment}\n  ${programName()} ${line}`).join('\n\n')}`]),
    ...sections.map(({ title, flags }) => `${title}:\n${flagRows(flags)}`),
    [...(hasEnvironment ? [wrap(ENVIRONMENT)] : []), wrap(globalOptions())].join('\n'),
  ];
}

export const usageLine = (line: string): string =>
  `${programName()} ${line}${line.includes('[flags]') ? '' : ' [flags]'}`;

export interface FlagSection {
  readonly title: string;
  readonly flags: readonly Flag[];
}

/** The flags of a command without the global ones. Those that are used most come first. */
export function flagSections({ flags: all, common: names = [] }: CommandHelp): readonly FlagSection[] {
  const flags = all.filter((flag) => !BASIC_FLAGS.includes(flag));
  const common = names.flatMap((name) => flags.filter((flag) => flag.name === name));
  const bySubject = Map.groupBy(
    flags.filter((flag) => !common.includes(flag)),
    titleOf,
  );
  const sections = [
    { title: 'Common flags', flags: common },
    ...SUBJECTS.map((title) => ({ title, flags: bySubject.get(title) ?? [] })),
  ].filter((candidate) => candidate.flags.length > 0);
  return sections.length === 1 ? [{ title: 'Flags', flags }] : sections;
}

const SUBJECTS = ['Request flags', 'Trace lookup flags', 'Output flags'] as const;

function titleOf({ group }: Flag): (typeof SUBJECTS)[number] {
  if (group === 'output' || group === 'comparison') return 'Output flags';
  return group === 'lookup' || group === 'backend' || group === 'export' ? 'Trace lookup flags' : 'Request flags';
}
