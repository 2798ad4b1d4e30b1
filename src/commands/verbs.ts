import { UsageError } from '../errors.ts';
import { nearestName } from '../format/nearest-name.ts';
import { foreignCommand } from './foreign-commands.ts';

/** Planned commands: the error says that they are planned, not that they are misspelt. */
const LATER: readonly string[] = 'doctor setup completion'.split(' ');

/** The command of that name. Throws a UsageError for any other. */
export function knownVerb<Verb extends string>(typed: string, verbs: readonly Verb[]): Verb {
  const verb = verbs.find((candidate) => candidate === typed);
  if (verb !== undefined) return verb;
  if (LATER.includes(typed)) {
    throw new UsageError('NotAvailable', `"${typed}" is not available in this version of kubectl trace`, {
      hint: `the commands are ${verbs.join(', ')}`,
    });
  }
  const foreign = foreignCommand([typed]);
  if (foreign !== undefined) throw foreign;
  const nearest = nearestName(typed, verbs);
  throw new UsageError('UnknownCommand', `unknown command "${typed}" for "kubectl trace"`, {
    hint:
      nearest === undefined
        ? `the commands are ${verbs.join(', ')}; for example: kubectl trace get nodes`
        : `Did you mean "${nearest}"?`,
  });
}
