import { commonArguments, TRACED_FLAGS, type CommonArguments } from '../../cli/arguments.ts';
import type { Flag } from '../../cli/flag.ts';
import { followFlags, refuseDryRun, refuseForFollow, type FollowFlags } from '../../cli/options/follow.ts';
import { redactArguments } from '../../cli/redact.ts';
import { hintAtOwners, type FlagWord } from '../../cli/split.ts';
import { UsageError } from '../../errors.ts';
import { FlagValues } from '../../cli/values.ts';
import { shellWord } from '../../format/shell-command.ts';
import { redactCommand } from '../../format/redact-command.ts';
import type { Environment } from '../../runtime.ts';
import type { ParsedCommand } from '../command.ts';
import { refuseNUL, RUN_FLAGS, traceOutputOf } from '../run/arguments.ts';
import { connectionBehind, forwarded } from '../../cli/kubectl-connection.ts';
import {
  commandLines,
  type DelegatedInvocation,
  type Divided,
  type Mistake,
  type PassedInvocation,
} from './arguments.ts';
import { readsManifest } from '../kubectl-words.ts';
import type { NativeVerb } from './flags.ts';

/** Our flags before a command that is passed on. */
const PASSED_FLAGS: readonly Flag[] = [...RUN_FLAGS, ...TRACED_FLAGS];

/** The command line that is divided, and where its values come from. */
interface Given extends Divided {
  readonly argv: readonly string[];
  /** The flags of all commands. */
  readonly all: readonly Flag[];
  /** The commands of ours that have a flag. */
  readonly owners: (flag: string) => readonly string[];
  readonly env: Environment;
}

/** A command that kubectl trace does not have: kubectl runs it through the proxy. Throws a UsageError. */
export function passedOn(given: Given, mistake?: Mistake): ParsedCommand<PassedInvocation> {
  const { argv, verb, rest, flags } = given;
  refuseNUL(argv);
  const { taken } = connectionBehind(verb, rest);
  const values = valuesOf({ ...given, flags: [...flags, ...taken] }, PASSED_FLAGS);
  const lines = commandLines(verb, rest, flags);
  const traceOutput = traceOutputOf(values);
  const invocation: PassedInvocation = {
    kind: 'kubectl',
    verb,
    ...commonArguments({ argv, words: flags, positionals: [], values }),
    args: shown(argv, flags, rest.length + 1),
    ...lines,
    mistake,
    ran: redactCommand(['kubectl', verb, ...rest]),
    ...(traceOutput !== undefined && { traceOutput }),
  };
  return {
    invocation,
    run: async (runtime, version) => (await import('./run.ts')).runPassed(invocation, runtime, version),
  };
}

interface GivenNative extends Given {
  readonly verb: NativeVerb;
  /** kubectl's arguments. */
  readonly args: readonly string[];
  /** The flags that the verb has here. */
  readonly known: readonly Flag[];
  /** The kuberc has default flags for the verb, among which may be --interactive. */
  readonly hasDefaults: boolean;
}

/** A native verb that kubectl sends: its output is the trace, as that of the verb always is. Throws a UsageError. */
export function delegated(given: GivenNative): ParsedCommand<DelegatedInvocation> {
  const { argv, verb, rest, flags, args } = given;
  refuseNUL(argv);
  const values = valuesOf(given, given.known);
  const [unusable] = flags.filter(({ flag }) => OF_NATIVE_REQUESTS.has(flag.name));
  if (unusable !== undefined) throw notByKubectl(unusable.flag, verb);
  const common: CommonArguments = commonArguments({ argv, words: flags, positionals: [], values });
  const { responseFormat } = common.draw;
  const format = responseFormat === undefined || responseFormat === 'table' ? [] : [`--output=${responseFormat}`];
  // `--wait` means the look-up here, and nothing is waited for.
  const gone = verb === 'delete' ? ['--wait=false'] : [];
  const invocation: DelegatedInvocation = {
    ...common,
    kind: 'delegated',
    verb,
    args: shown(argv, flags, rest.length + 1),
    command: ['kubectl', verb, ...forwarded(flags), ...format, ...gone, ...args],
    ran: redactCommand(['kubectl', verb, ...format, ...args]),
    readsInput: readsManifest(args),
    ...(given.known.some(({ name }) => name === 'follow') && { follow: followed(values, args) }),
    isInteractive:
      args.some((word) => /^(?:-i|--interactive|--edit)(?:=|$)/.test(word)) || (given.hasDefaults && verb !== 'get'),
  };
  return {
    invocation,
    run: async (runtime, version) => (await import('./delegated.ts')).runDelegated(invocation, runtime, version),
  };
}

/** A dry run creates no pods. */
function followed(values: FlagValues, args: readonly string[]): FollowFlags {
  const flags = followFlags(values);
  if (flags.follow) refuseForFollow(values);
  if (flags.follow) refuseDryRun(args.some((word) => /^--dry-run(?:=(?!none)|$)/.test(word)));
  return flags;
}

/** Our own flags for requests that kubectl does not send. */
const OF_NATIVE_REQUESTS = new Set('for for-events repeat resource-version resource-version-match warmup'.split(' '));

const notByKubectl = ({ name }: Flag, verb: string): UsageError =>
  new UsageError('InvalidArguments', `--${name} is for requests that kubectl trace sends itself`, {
    hint: `another flag of this ${verb} is kubectl's: leave one of them out`,
  });

function valuesOf({ verb, flags, all, owners, env }: Given, known: readonly Flag[]): FlagValues {
  const unknown = flags.find(({ flag }) => !known.some(({ name }) => name === flag.name));
  if (unknown !== undefined) {
    const { name } = unknown.flag;
    throw new UsageError('UnknownFlag', `unknown flag: --${name}`, {
      hint: hintAtOwners(name, owners(name), `flags of kubectl stand behind ${shellWord(verb)}`),
    });
  }
  return new FlagValues(all, new Map(), env).with(flags);
}

/** The command line as it may be shown: `count` arguments at its end are kubectl's. */
function shown(argv: readonly string[], flags: readonly FlagWord[], count: number): string[] {
  const own = argv.slice(0, argv.length - count);
  const before = flags.filter(({ at }) => at < own.length);
  return [...redactArguments(own, before), ...redactCommand(['kubectl', ...argv.slice(own.length)]).slice(1)];
}
