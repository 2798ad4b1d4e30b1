import { UsageError } from '../errors.ts';
import { nearestName } from '../format/nearest-name.ts';
import { kubectlHelp } from './kubectl-words.ts';
import { programName } from '../format/program-name.ts';

/** The command of that name. Throws a UsageError for any other. */
export function knownVerb<Verb extends string>(typed: string, verbs: readonly Verb[]): Verb {
  const verb = verbs.find((candidate) => candidate === typed);
  if (verb !== undefined) return verb;
  const foreign = kubectlHelp(typed);
  if (foreign !== undefined) throw foreign;
  throw unknownCommand(typed, verbs);
}

/** The error for a word that is no command, with the nearest one. */
export function unknownCommand(typed: string, verbs: readonly string[]): UsageError {
  const nearest = nearestName(typed, verbs);
  return new UsageError('UnknownCommand', `unknown command "${typed}" for "${programName()}"`, {
    hint:
      nearest === undefined
        ? `the commands are ${verbs.join(', ')}; for example: ${programName()} get nodes`
        : `Did you mean "${nearest}"?`,
  });
}
