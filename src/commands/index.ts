import { TRACED_FLAGS } from '../cli/arguments.ts';
import type { Flag } from '../cli/flag.ts';
import type { Command, CommandGroup, Program } from './command.ts';
import { completion } from './completion/command.ts';
import { deleteCommand } from './delete/command.ts';
import { doctor } from './doctor/command.ts';
import { get } from './get/command.ts';
import { glossary } from './glossary/command.ts';
import { helpCommand } from './help/command.ts';
import { history } from './history/command.ts';
import { options } from './help/options.ts';
import { patch } from './patch/command.ts';
import { pod } from './pod/command.ts';
import { raw } from './raw/command.ts';
import { run } from './run/command.ts';
import { serve } from './serve/command.ts';
import { setup } from './setup/command.ts';
import { show } from './show/command.ts';
import { version } from './version/command.ts';
import { apply, create, replace } from './write/command.ts';

const EXPLAINED = {
  get,
  create,
  apply,
  replace,
  patch,
  delete: deleteCommand,
  raw,
  run,
  pod,
  show,
  history,
  glossary,
  doctor,
  serve,
  setup,
  completion,
  version,
  options,
};

/** The commands on the first screen. */
const GROUPS: readonly CommandGroup[] = [
  {
    title: 'Trace requests',
    rows: [
      [['get', 'raw'], 'Read objects, or send any request'],
      [['create', 'apply', 'replace'], 'Write objects from files'],
      [['patch', 'delete'], 'Change or delete objects'],
      [['run'], 'Trace all requests of another client, such as helm'],
    ],
  },
  {
    title: 'Explain pods and traces',
    rows: [
      [['pod'], 'Show why a pod or a workload is not ready'],
      [['show', 'history', 'glossary'], 'Show a trace again; list earlier ones; explain rows'],
      [['serve', 'doctor', 'setup'], 'Store traces; find why there are none; enable tracing'],
    ],
  },
  {
    title: 'Other commands',
    rows: [
      [['completion'], 'Complete commands in a shell'],
      [['version', 'options', 'help'], 'Print the version, the global options or help'],
    ],
  },
];

/** Every command by its name, in the order of the help text. The code that runs one is loaded when it is run. */
export const COMMANDS = { ...EXPLAINED, help: helpCommand(EXPLAINED, GROUPS) } satisfies Record<
  string,
  Command<{ readonly kind: string }>
>;

/** The commands as help shows them. */
export const PROGRAM: Program = { commands: COMMANDS, groups: GROUPS };

/** The name of a command. */
export type Verb = keyof typeof COMMANDS;

/** A command line that is understood. Nothing looks at the words of the command line after this. */
export type Invocation = ReturnType<(typeof COMMANDS)[Verb]['parse']>['invocation'];

export const VERBS = Object.keys(COMMANDS) as readonly Verb[];

const TRACED_NAMES: ReadonlySet<string> = new Set(TRACED_FLAGS.map(({ name }) => name));

/**
 * Every flag of every command: those of a few commands first, then those of nearly all. Where two commands explain a flag
 * otherwise, it is that of nearly all, else of the first.
 */
export const FLAGS: readonly Flag[] = [
  ...new Map(
    [
      ...Object.values(COMMANDS).flatMap(({ flags }) => flags.filter(({ name }) => !TRACED_NAMES.has(name))),
      ...TRACED_FLAGS,
    ]
      .toReversed()
      .map((flag) => [flag.name, flag]),
  ).values(),
].toReversed();
