import { CONNECTION_FLAGS } from '../../cli/options/connection.ts';
import { takeFlags } from '../../cli/kubectl-line.ts';
import { WITHOUT_REQUESTS } from '../kubectl-words.ts';

/** kubectl as the command of `run --`. */
export interface KubectlCall {
  /** It sends nothing, and reads or changes the user's own files. */
  readonly isLocal: boolean;
  /** Its flags that name another server or user, as they would be typed: credentials are left out. */
  readonly connection: readonly string[];
  /** Its other arguments. */
  readonly args: readonly string[];
}

const NAMING = new Set(['kubeconfig', 'context', 'cluster', 'user', 'server']);
const NAMING_FLAGS = CONNECTION_FLAGS.filter(({ name }) => NAMING.has(name));
const VALUED = new Set(CONNECTION_FLAGS.flatMap(({ name, type }) => (type === 'boolean' ? [] : [name])));

/** Undefined where another program is run. */
export function kubectlIn([program = '', ...words]: readonly string[]): KubectlCall | undefined {
  if (!/(?:^|[\\/])kubectl(?:\.exe)?$/i.test(program)) return undefined;
  const { taken, args } = takeFlags(words, { take: NAMING_FLAGS, valued: VALUED });
  const verb = verbOf(args);
  return {
    isLocal: verb === undefined || WITHOUT_REQUESTS.has(verb),
    connection: taken.map(({ flag, value }) => `--${flag.name}=${value}`),
    args,
  };
}

/** The first argument that is neither a flag nor the value of one. */
function verbOf(args: readonly string[]): string | undefined {
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!;
    if (!argument.startsWith('-')) return argument;
    if (/^-[nv]$/.test(argument) || VALUED.has(argument.slice(2))) at++;
  }
  return undefined;
}
