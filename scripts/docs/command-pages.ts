import { BASIC_FLAGS } from '../../src/cli/arguments.ts';
import { environmentName, type Flag } from '../../src/cli/flag.ts';
import { flagHelp, flagSyntax } from '../../src/cli/help-layout.ts';
import type { CommandHelp } from '../../src/commands/command.ts';
import { flagSections, usageLine } from '../../src/commands/help/text.ts';
import { programName } from '../../src/format/program-name.ts';
import { COMMANDS, PROGRAM, VERBS, type Verb } from '../../src/commands/index.ts';

const GENERATED = '<!-- Written by `npm run docs`. -->';

/** Pages that say more about a command than its flags. */
const MORE: Readonly<Partial<Record<Verb, readonly (readonly [page: string, title: string])[]>>> = {
  get: [
    ['finding-the-trace.md', 'How the trace is found'],
    ['findings.md', 'Findings'],
    ['output.md', 'Output'],
    ['kubectl-differences.md', 'Differences from kubectl'],
  ],
  create: [
    ['pod.md', 'Pods'],
    ['kubectl-differences.md', 'Differences from kubectl'],
  ],
  apply: [
    ['pod.md', 'Pods'],
    ['kubectl-differences.md', 'Differences from kubectl'],
  ],
  replace: [['kubectl-differences.md', 'Differences from kubectl']],
  patch: [['kubectl-differences.md', 'Differences from kubectl']],
  delete: [['kubectl-differences.md', 'Differences from kubectl']],
  raw: [['output.md', 'Output']],
  run: [['run.md', 'Any client']],
  pod: [
    ['pod.md', 'Pods'],
    ['scheduling.md', "The scheduler's messages"],
    ['kubelet.md', 'The kubelet'],
  ],
  show: [['output.md', 'Output, and the history that `show` reads']],
  glossary: [['reading-the-tree.md', 'Reading the tree']],
  doctor: [['doctor.md', 'Every check, its causes and what to change']],
  serve: [['serve.md', 'A trace backend on your machine']],
  setup: [['enable-tracing.md', 'From nothing to the first trace']],
};

/** File names in docs/commands/, and their texts. */
export function commandPages(): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', indexPage()],
    ...VERBS.map((verb) => [`${verb}.md`, textOf(verb === 'options' ? optionsPage() : commandPage(verb))] as const),
  ]);
}

const textOf = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`;

function indexPage(): string {
  const groups = PROGRAM.groups.flatMap(({ title, rows }) => [
    `## ${title}`,
    rows
      .flatMap(([verbs]) => verbs)
      .map((verb) => `- [${verb}](${verb}.md): ${PROGRAM.commands[verb]?.summary}`)
      .join('\n'),
  ]);
  return textOf([
    '# Commands',
    GENERATED,
    'Each page lists the usage, the examples and the flags of one command, as `--help` prints them.',
    ...groups,
    '## Flags and the environment',
    [
      '- A flag takes precedence over its environment variable, which takes precedence over the default.',
      '- A variable that is empty counts as unset. `NO_COLOR` and `FORCE_COLOR` are honored.',
      '- The variable of a boolean flag is `true` or `false`. `KUBECTL_TRACE_BACKEND_HEADER` has one header per line.',
      '- Durations are written as in Go: `30s`, `1m30s`, `500ms`.',
      '- kubectl allows no flags before the name of a plugin: `kubectl trace get nodes --context staging`.',
    ].join('\n'),
    'What the exit status means: [exit-codes.md](../exit-codes.md).',
  ]);
}

function commandPage(verb: Verb): string[] {
  const command: CommandHelp = COMMANDS[verb];
  const { summary, usage, examples } = command;
  const shown = examples.map(([comment, line]) => `# ${comment}\n${programName()} ${line}`);
  return [
    ...header(verb),
    `${summary}.`,
    codeBlock(usage.map(usageLine)),
    ...(shown.length === 0 ? [] : ['## Examples', codeBlock([shown.join('\n\n')])]),
    ...flagSections(command).flatMap(({ title, flags }) => [`## ${title}`, flagList(flags)]),
    ['The [global options](options.md) apply to all commands.', ...more(verb)].join(' '),
  ];
}

function optionsPage(): string[] {
  return [...header('options'), 'These flags can be passed to any command:', flagList(BASIC_FLAGS)];
}

const header = (verb: Verb): string[] => [`# kubectl trace ${verb}`, GENERATED];

const codeBlock = (lines: readonly string[]): string => ['```sh', ...lines, '```'].join('\n');

/** One item for each flag, with the environment variable that sets it too. */
function flagList(flags: readonly Flag[]): string {
  return flags
    .map((flag) => {
      const variable = environmentName(flag);
      return `- \`${flagSyntax(flag)}\`${variable === undefined ? '' : ` (\`${variable}\`)`}: ${flagHelp(flag)}`;
    })
    .join('\n');
}

function more(verb: Verb): string[] {
  const pages = MORE[verb];
  if (pages === undefined) return [];
  return [`More: ${pages.map(([page, title]) => `[${title}](../${page})`).join(', ')}.`];
}
