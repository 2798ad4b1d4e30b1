import type { Flag, FlagGroup } from '../../cli/flag.ts';
import { environmentName, GROUP_TITLES } from '../../cli/flag-groups.ts';
import type { CommandHelp } from '../command.ts';

const ABOUT = `Send a request to the Kubernetes API server with a W3C trace context, find the trace of that request in the
cluster's trace backend, and show where the time went.`;

const WIDTH = 80;

type Commands = Readonly<Record<string, CommandHelp>>;

/** The help text of one command, or of the program. Ends with a line break. */
export function helpText(commands: Commands, topic?: string): string {
  const command = topic === undefined ? undefined : commands[topic];
  return `${(command === undefined ? programHelp(commands) : commandHelp(command)).join('\n\n')}\n`;
}

function programHelp(commands: Commands): string[] {
  const summaries = Object.entries(commands).map(([verb, { summary }]) => [verb, summary] as const);
  const [example] = Object.values(commands);
  return [
    wrap(ABOUT.replaceAll('\n', ' '), 0),
    section('Usage', ['kubectl trace COMMAND [flags]']),
    `Commands:\n${columns(summaries)}`,
    ...(example === undefined ? [] : [examples(example), ...flagSections(example)]),
    wrap(
      'Flags of the look-up and of the output can be set in the environment too: KUBECTL_TRACE_BACKEND for --backend, and so on. Flags come first.',
      0,
    ),
    'Use "kubectl trace help COMMAND" for one command.',
  ];
}

function commandHelp(command: CommandHelp): string[] {
  const { summary, usage, examples: shown } = command;
  return [
    `${wrap(summary, 0)}.`,
    section(
      'Usage',
      usage.map((line) => `kubectl trace ${line}${line.includes('[flags]') ? '' : ' [flags]'}`),
    ),
    ...(shown.length > 0 ? [examples(command)] : []),
    ...flagSections(command),
  ];
}

function examples({ examples: shown }: CommandHelp): string {
  return `Examples:\n${shown.map(([comment, command]) => `  # ${comment}\n  ${command}`).join('\n\n')}`;
}

function flagSections({ flags }: CommandHelp): string[] {
  return inGroups(flags).map(([group, members]) => {
    const rows = members.map((flag) => [flagNames(flag), flagHelp(flag)] as const);
    return `${GROUP_TITLES[group]}:\n${columns(rows)}`;
  });
}

/** Flags by the heading that they are below, in the order of the headings. */
function inGroups(flags: readonly Flag[]): (readonly [FlagGroup, readonly Flag[]])[] {
  const groups = Map.groupBy(flags, ({ group }) => group);
  return (Object.keys(GROUP_TITLES) as FlagGroup[]).flatMap((group) => {
    const members = groups.get(group);
    return members === undefined ? [] : [[group, members] as const];
  });
}

/** `-o, --output FORMAT` */
function flagNames({ name, alias, placeholder }: Flag): string {
  const names = `${alias === undefined ? '    ' : `-${alias}, `}--${name}`;
  return placeholder === undefined ? names : `${names} ${placeholder}`;
}

function flagHelp(flag: Flag): string {
  const choices = flag.choices === undefined ? '' : `: ${flag.choices.join(', ')}`;
  return `${flag.help}${choices}${flag.default === undefined ? '' : ` (default ${flag.default})`}`;
}

/** For README and docs: a Markdown table of every flag that this program adds to kubectl's. */
export function flagTable(flags: readonly Flag[]): string {
  const rows = flags
    .filter((flag) => flag.group !== 'connection' && flag.group !== 'general')
    .map((flag) => {
      const variable = environmentName(flag);
      const cells = [
        `\`${flagNames(flag).trim().replaceAll('|', '\\|')}\``,
        flagHelp(flag).replaceAll('|', '\\|'),
        variable === undefined ? '' : `\`${variable}\``,
      ];
      return `| ${cells.join(' | ')} |`;
    });
  return ['| Flag | Meaning | Environment |', '| --- | --- | --- |', ...rows].join('\n');
}

function section(title: string, lines: readonly string[]): string {
  return `${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** Two columns: names longer than the first one have their text on the next line. */
function columns(rows: readonly (readonly [name: string, text: string])[]): string {
  const indent = Math.min(28, Math.max(...rows.map(([name]) => name.length)) + 4);
  return rows
    .map(([name, text]) => {
      const body = wrap(text, indent);
      const fits = name.length + 4 <= indent;
      return fits ? `  ${name.padEnd(indent - 2)}${body.trimStart()}` : `  ${name}\n${body}`;
    })
    .join('\n');
}

/** Lines of at most {@link WIDTH} columns, each indented. */
function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((content) => ' '.repeat(indent) + content).join('\n');
}
