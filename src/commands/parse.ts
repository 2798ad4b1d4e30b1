import type { Flag } from '../cli/flag.ts';
import { ownersOf, route } from '../cli/route.ts';
import { flagTable, leadingFlags, splitWords, type FlagTable, type FlagWord } from '../cli/split.ts';
import { FlagValues } from '../cli/values.ts';
import { nearestName } from '../format/nearest-name.ts';
import type { Environment, Runtime } from '../runtime.ts';
import type { ParsedCommand } from './command.ts';
import { COMMANDS, FLAGS, VERBS, type Invocation } from './index.ts';
import { divideNative, type DelegatedInvocation, type Mistake, type PassedInvocation } from './kubectl/arguments.ts';
import { delegated, passedOn } from './kubectl/command.ts';
import { isDelegated } from './kubectl/delegation.ts';
import { isNativeVerb, NATIVE_VERBS, type NativeVerb } from './kubectl/flags.ts';
import { KUBECTL_COMMANDS, KUBECTL_FLAGS } from './kubectl-words.ts';
import { knownVerb, unknownCommand } from './verbs.ts';

const TABLE: FlagTable = flagTable(FLAGS, KUBECTL_FLAGS);

/** A command line that is understood: one of our commands, or one that kubectl runs. */
export type AnyInvocation = Invocation | PassedInvocation | DelegatedInvocation;

/** Understands the command line after the program's name. Throws only UsageErrors. */
export function parse(given: readonly string[], env: Environment): ParsedCommand<AnyInvocation> {
  const argv = given.length === 1 && given[0] === '--version' ? ['version'] : given;
  const { flags, end } = leadingFlags(argv, TABLE);
  const verb = argv[end];
  if (verb === undefined || verb === '--') return parseOwn(argv, env);
  const line = { argv, verb, rest: argv.slice(end + 1), flags, all: FLAGS, owners, env };
  if (isNativeVerb(verb)) return parseNative(withoutFalseWait({ ...line, verb }));
  if (verb === 'run') return isOwnRun(line.rest) ? parseOwn(argv, env) : passedOn(line);
  if ((VERBS as readonly string[]).includes(verb)) return parseOwn(argv, env);
  return passedOn(line, KUBECTL_COMMANDS.has(verb) ? undefined : nearlyOurs(verb));
}

const owners = (flag: string): readonly string[] => ownersOf(flag, COMMANDS);

/** Commands that both programs have. */
const SHARED: ReadonlySet<string> = new Set([...NATIVE_VERBS, 'run', 'version', 'help', 'options']);

/** A word that is neither ours nor kubectl's is the name of a plugin, an alias or a mistake. */
function nearlyOurs(word: string): Mistake | undefined {
  const nearest = nearestName(word, VERBS);
  if (nearest === undefined) return undefined;
  return { error: unknownCommand(word, VERBS), isKnownToKubectl: SHARED.has(nearest) };
}

function parseOwn(argv: readonly string[], env: Environment): ParsedCommand<Invocation> {
  const words = splitWords(argv, tableFor(argv));
  const { verb: named, typed, given, positionals } = route(words, COMMANDS);
  const verb = named ?? knownVerb(typed, VERBS);
  // A command's own flag may allow less than the one of that name which others have.
  const values = new FlagValues([...COMMANDS[verb].flags, ...FLAGS], given, env);
  const line = { argv, words, positionals, values };
  const wantsHelp = values.boolean('help') === true && verb !== 'help';
  return wantsHelp ? COMMANDS.help.parse({ ...line, positionals: [verb] }) : COMMANDS[verb].parse(line);
}

/** The table with the command of the line, where it is one of ours. */
function tableFor(argv: readonly string[]): FlagTable {
  const word = argv[leadingFlags(argv, TABLE).end] ?? '';
  const verb = VERBS.find((candidate) => candidate === word);
  return verb === undefined ? TABLE : { ...TABLE, command: { verb, flags: COMMANDS[verb].flags } };
}

interface GivenNative {
  readonly argv: readonly string[];
  readonly verb: NativeVerb;
  readonly rest: readonly string[];
  /** Our flags before the verb. */
  readonly flags: readonly FlagWord[];
  readonly all: readonly Flag[];
  readonly owners: (flag: string) => readonly string[];
  readonly env: Environment;
}

/** pflag's words for false (Go's strconv.ParseBool), without 0, which is a duration. */
const FALSE_WAIT = /^--wait=(?:f|F|false|False|FALSE)$/;

/** kubectl's `delete --wait=false`, which scripts have: a native delete never waits. */
function withoutFalseWait(given: GivenNative): GivenNative {
  const { argv, verb, rest } = given;
  if (verb !== 'delete') return given;
  const end = rest.indexOf('--');
  const kept = rest.filter((word, index) => !(FALSE_WAIT.test(word) && (end === -1 || index < end)));
  return { ...given, argv: [...argv.slice(0, argv.length - rest.length), ...kept], rest: kept };
}

/** Subcommands of apply, which start an editor or print what is stored. */
const OF_APPLY = /^(?:edit|set|view)-last-applied$/;

function parseNative(given: GivenNative): ParsedCommand<AnyInvocation> {
  const { argv, verb, rest, flags, env } = given;
  const known = COMMANDS[verb].flags;
  const { own, args } = divideNative(verb, rest, known);
  const [first = ''] = args.filter((word) => !word.startsWith('-'));
  const wantsHelp = args.includes('--help') || args.includes('-h');
  if (verb === 'apply' && OF_APPLY.test(first)) return passedOn(given);
  if (wantsHelp || [...flags, ...own].some(({ flag }) => flag.name === 'help')) {
    return verb === 'create' && first !== '' ? passedOn(given) : parseOwn(argv, env);
  }
  const behind = own.map((word) => ({ ...word, at: word.at + argv.length - rest.length }));
  const byKubectl = (withDefaults: boolean): ParsedCommand<AnyInvocation> =>
    delegated({ ...given, flags: [...flags, ...behind], args, known, hasDefaults: withDefaults });
  if (isDelegated(verb, args, new Set(known.map(({ name }) => name)))) return byKubectl(false);
  const command = parseOwn(argv, env);
  return {
    ...command,
    // Default flags of the kuberc are kubectl's to add.
    run: async (runtime, version) =>
      ((await hasDefaults(verb, command.invocation, runtime)) ? byKubectl(true) : command).run(runtime, version),
  };
}

async function hasDefaults(verb: NativeVerb, invocation: AnyInvocation, runtime: Runtime): Promise<boolean> {
  const { kuberc } = 'connection' in invocation ? invocation.connection : {};
  const { loadKuberc } = await import('../kube/connect/kuberc.ts');
  // One that is not good is reported where it is used.
  const found = await loadKuberc(kuberc, runtime).catch(() => undefined);
  return found?.commands.includes(verb) ?? false;
}

/** `run -- COMMAND` is ours. `run NAME --image=IMAGE` is kubectl's, with two dashes before the arguments of the image or without. */
function isOwnRun(rest: readonly string[]): boolean {
  const end = rest.indexOf('--');
  try {
    const words = splitWords(end === -1 ? rest : rest.slice(0, end), TABLE);
    return !words.some(({ kind }) => kind === 'positional');
  } catch {
    // A flag that is kubectl's alone.
    return false;
  }
}
