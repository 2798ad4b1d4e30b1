import { CONNECTION_FLAGS } from '../../cli/options/connection.ts';
import type { CommonArguments } from '../../cli/arguments.ts';
import type { Flag } from '../../cli/flag.ts';
import type { FollowFlags } from '../../cli/options/follow.ts';
import {
  connectionBehind,
  connectionOf,
  forwarded,
  NAMES_WITH_VALUE,
  plainConnection,
} from '../../cli/kubectl-connection.ts';
import { takeFlags } from '../../cli/kubectl-line.ts';
import type { UsageError } from '../../errors.ts';
import type { FlagWord } from '../../cli/split.ts';
import { readsManifest, WITHOUT_REQUESTS } from '../kubectl-words.ts';
import { kubectlFlags, type NativeVerb } from './flags.ts';

/** A command of kubectl that kubectl trace does not have: kubectl's output is the user's, the trace comes beside it. */
export interface PassedInvocation extends CommonArguments {
  readonly kind: 'kubectl';
  /** kubectl's command, the name of a plugin or an alias. */
  readonly verb: string;
  /** The program and its arguments. They may hold credentials, and are not to be shown. */
  readonly command: readonly string[];
  /** The same for a plugin, which gets no flags before its own. */
  readonly pluginCommand: readonly string[];
  /** The same with all flags of the connection, for kubectl without the proxy. */
  readonly plainCommand: readonly string[];
  /** `command` without credentials. */
  readonly ran: readonly string[];
  /** It sends nothing, and reads or changes the user's own files. */
  readonly isLocal: boolean;
  /** It reads objects or variables from standard input. */
  readonly readsInput: boolean;
  /** A command of ours has nearly the same name: an error if the verb is neither a plugin nor an alias. */
  readonly mistake?: Mistake | undefined;
  /** Undefined: standard error. */
  readonly traceOutput?: string;
}

/** A word that is probably misspelled. */
export interface Mistake {
  readonly error: UsageError;
  /** kubectl has a command with the nearest name too, and says so in its own words. */
  readonly isKnownToKubectl: boolean;
}

/** A native verb whose requests kubectl sends, because it has flags that kubectl trace does not send itself. */
export interface DelegatedInvocation extends CommonArguments {
  readonly kind: 'delegated';
  readonly verb: NativeVerb;
  readonly command: readonly string[];
  readonly ran: readonly string[];
  /** kubectl prompts the user on standard output, or starts an editor. */
  readonly isInteractive: boolean;
  /** kubectl reads objects from standard input. */
  readonly readsInput: boolean;
  /** Only create and apply have it. */
  readonly follow?: FollowFlags;
}

/** Where a command line of kubectl is divided: our flags, its verb, and what follows. */
export interface Divided {
  readonly verb: string;
  /** The arguments after the verb. */
  readonly rest: readonly string[];
  /** Our flags before the verb, then those of the connection from behind it. */
  readonly flags: readonly FlagWord[];
}

/** The three command lines of a command that is passed on. `flags`: those before the verb. */
export function commandLines(
  verb: string,
  rest: readonly string[],
  flags: readonly FlagWord[],
): Pick<PassedInvocation, 'command' | 'pluginCommand' | 'plainCommand' | 'isLocal' | 'readsInput'> {
  const { taken, args } = connectionBehind(verb, rest);
  const onlyFile = takeFlags(rest, {
    take: CONNECTION_FLAGS.filter(({ name }) => name === 'kubeconfig'),
    valued: NAMES_WITH_VALUE,
  });
  return {
    command: ['kubectl', verb, ...forwarded([...flags, ...taken]), ...args],
    pluginCommand: ['kubectl', verb, ...onlyFile.args],
    plainCommand: ['kubectl', verb, ...plainConnection(flags), ...rest],
    isLocal: WITHOUT_REQUESTS.has(verb) || wantsHelp(rest),
    readsInput: readsManifest(rest),
  };
}

/** Help needs no server. Behind two dashes stands the command of another program. */
function wantsHelp(rest: readonly string[]): boolean {
  const end = rest.indexOf('--');
  return (end === -1 ? rest : rest.slice(0, end)).some((word) => word === '--help' || word === '-h');
}

/** Our flags and kubectl's arguments of a native verb. */
export function divideNative(
  verb: NativeVerb,
  rest: readonly string[],
  flags: readonly Flag[],
): { readonly own: readonly FlagWord[]; readonly args: readonly string[] } {
  const { names, valued, valuedLetters } = kubectlFlags(verb);
  const ours = flags.filter(({ name, group }) => group !== 'connection' && (!names.includes(name) || OURS.has(name)));
  const { taken, args } = takeFlags(rest, {
    take: [...ours, ...connectionOf(verb)],
    valued: new Set([...valued, ...NAMES_WITH_VALUE].filter((name) => !OURS.has(name))),
    valuedLetters: `${valuedLetters.replace('o', '')}v`,
  });
  return { own: taken, args };
}

/** Names that both programs have, and that mean ours: the trace's output, and the times of looking for it and of following. */
const OURS = new Set(['output', 'wait', 'timeout']);
