import { plainConnection } from '../../cli/kubectl-connection.ts';
import type { FlagWord } from '../../cli/split.ts';
import type { Runtime } from '../../runtime.ts';
import type { EpochNanos } from '../../trace/time.ts';
import type { WantedNames } from './object-names.ts';
import { Directive, NOTHING, readCompletion, type Completion } from './completion.ts';

/** Everything of the world that completion may use. */
export interface CompletionWorld extends Pick<Runtime, 'cwd' | 'env' | 'home' | 'platform' | 'uid'> {
  readonly now: EpochNanos;
  /** Standard output of kubectl; undefined where it fails, or is not done in time. Never rejects. */
  readonly kubectl: (args: readonly string[]) => Promise<string | undefined>;
  /** The names of a type's objects; undefined where only kubectl can have them. */
  readonly listNames: (wanted: Omit<WantedNames, 'untilMillis'>) => Promise<readonly string[] | undefined>;
}

/** A command line of kubectl whose last word is completed. */
export interface KubectlLine {
  readonly verb: string;
  /** Flags of the connection come from these. */
  readonly flags: readonly FlagWord[];
  readonly args: readonly string[];
  readonly typed: string;
}

/**
 * Completes the line as kubectl does, which knows the types, names, namespaces and contexts, and has a discovery cache
 * (kubectl pkg/util/completion).
 */
export function byKubectl(
  { verb, flags, args, typed }: KubectlLine,
  world: Pick<CompletionWorld, 'kubectl'>,
): Promise<Completion> {
  return completionOfKubectl([verb, ...plainConnection(flags), ...args, typed], world);
}

/** Nothing where kubectl fails. */
export async function completionOfKubectl(
  words: readonly string[],
  { kubectl }: Pick<CompletionWorld, 'kubectl'>,
): Promise<Completion> {
  const output = await kubectl(['__complete', ...words]);
  return (output === undefined ? undefined : readCompletion(output)) ?? NOTHING;
}

/** Values of one connection flag, such as the names of contexts. */
export const valuesByKubectl = (
  name: string,
  { flags, typed }: Pick<KubectlLine, 'flags' | 'typed'>,
  world: CompletionWorld,
): Promise<Completion> => byKubectl({ verb: 'get', flags, args: [`--${name}`], typed }, world);

/** Two completions for one word: the flags of both programs. A value of the first hides that of the second. */
export function joined(one: Completion, other: Completion): Completion {
  const known = new Set(one.choices.map(({ value }) => value));
  const further = other.choices.filter(({ value }) => !known.has(value));
  return { choices: [...one.choices, ...further], directive: one.directive | (other.directive & Directive.noSpace) };
}
