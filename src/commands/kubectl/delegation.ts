import { kubectlFlags, type NativeVerb } from './flags.ts';

/**
 * Whether kubectl sends the requests of a native verb: with a flag that kubectl trace does not send itself, with objects
 * made from flags, from a URL or a pattern, and for a client-side apply. `args`: without our own flags. `known`: the names of the
 * flags that kubectl trace has for the verb.
 */
export function isDelegated(verb: NativeVerb, args: readonly string[], known: ReadonlySet<string>): boolean {
  const { given, values, positionals } = read(verb, args);
  if ([...given].some((name) => kubectlFlags(verb).names.includes(name) && !known.has(name))) return true;
  if ((values.get('filename') ?? []).some(isRemote)) return true;
  if (verb === 'create') return positionals.length > 0;
  if (verb !== 'apply') return false;
  const isServerSide = values.get('server-side')?.at(-1) ?? (given.has('server-side') ? 'true' : 'false');
  return !/^(1|t|T|true|True|TRUE)$/.test(isServerSide);
}

/** kubectl loads it from a server, or finds the files of a pattern. */
const isRemote = (name: string): boolean => /^https?:\/\//.test(name) || /[*?[]/.test(name);

interface Read {
  readonly given: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly positionals: readonly string[];
}

/** kubectl's arguments by its flags; a flag that it does not have is passed over. */
function read(verb: NativeVerb, args: readonly string[]): Read {
  const { valued, letters, valuedLetters } = kubectlFlags(verb);
  const given = new Set<string>();
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  const add = (name: string, value?: string): void => {
    given.add(name);
    if (value !== undefined) values.set(name, [...(values.get(name) ?? []), value]);
  };
  for (let at = 0; at < args.length; at++) {
    const argument = args[at]!;
    if (argument === '--') {
      positionals.push(...args.slice(at + 1));
      break;
    }
    if (argument.startsWith('--')) {
      const [, name = '', equals = '', text] = /^--([^=]*)(=?)(.*)$/s.exec(argument) ?? [];
      if (equals === '=') add(name, text);
      else add(name, valued.has(name) ? args[++at] : undefined);
    } else if (argument.startsWith('-') && argument !== '-') {
      for (const [index, letter] of argument.slice(1).split('').entries()) {
        const name = letters.get(letter);
        if (name === undefined) break;
        const isValued = valuedLetters.includes(letter);
        const attached = argument.slice(index + 2).replace(/^=/, '');
        add(name, isValued ? attached || args[++at] : undefined);
        if (isValued) break;
      }
    } else positionals.push(argument);
  }
  return { given, values, positionals };
}
