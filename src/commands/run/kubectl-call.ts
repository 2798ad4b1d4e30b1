import { connectionBehind, NAMES_WITH_VALUE, throughProxy } from '../../cli/kubectl-connection.ts';
import type { FlagWord } from '../../cli/split.ts';
import { readsManifest, WITHOUT_REQUESTS } from '../kubectl-words.ts';

/** kubectl as the command of `run --`. */
export interface KubectlCall {
  /** It sends nothing, and reads or changes the user's own files. */
  readonly isLocal: boolean;
  /** It reads objects from standard input. */
  readonly readsInput: boolean;
  /** Its flags of the connection, which say where the proxy leads. */
  readonly connection: readonly FlagWord[];
  /** Its command line for the proxy. */
  readonly command: readonly string[];
}

/** kubectl says in its requests whom it acts as, and the proxy passes that on. */
const ACTING = new Set(['as', 'as-group', 'as-uid', 'as-user-extra']);

/** Undefined where another program is run. */
export function kubectlIn([program = '', ...words]: readonly string[]): KubectlCall | undefined {
  if (!/(?:^|[\\/])kubectl(?:\.exe)?$/i.test(program)) return undefined;
  const verb = verbOf(words);
  return {
    isLocal: verb === undefined || WITHOUT_REQUESTS.has(verb),
    readsInput: readsManifest(words),
    connection: connectionBehind(verb ?? '', words).taken.filter(({ flag }) => !ACTING.has(flag.name)),
    command: [program, ...throughProxy(words)],
  };
}

/** The first argument that is neither a flag nor the value of one. */
export function verbOf(args: readonly string[]): string | undefined {
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!;
    if (!argument.startsWith('-')) return argument;
    if (/^-[nsv]$/.test(argument) || NAMES_WITH_VALUE.has(argument.slice(2))) at++;
  }
  return undefined;
}
