import { UsageError } from '../errors.ts';
import { nearestName } from '../format/nearest-name.ts';
import { foreignCommand } from './foreign-command.ts';

/** The commands of this version, in the order of the help text. */
export const VERBS = [
  'get',
  'create',
  'apply',
  'replace',
  'patch',
  'delete',
  'raw',
  'run',
  'pod',
  'show',
  'serve',
  'version',
  'help',
] as const;
export type Verb = (typeof VERBS)[number];

/** Commands that are planned: whoever types one is told so, not that it is misspelt. */
const LATER: readonly string[] = 'doctor setup completion'.split(' ');

/** The command of that name. Throws a UsageError for any other. */
export function knownVerb(typed: string): Verb {
  const verb = VERBS.find((candidate) => candidate === typed);
  if (verb !== undefined) return verb;
  if (LATER.includes(typed)) {
    throw new UsageError('NotAvailable', `"${typed}" is not available in this version of kubectl trace`, {
      hint: `the commands are ${VERBS.join(', ')}`,
    });
  }
  const foreign = foreignCommand([typed]);
  if (foreign !== undefined) throw foreign;
  const nearest = nearestName(typed, VERBS);
  throw new UsageError('UnknownCommand', `unknown command "${typed}" for "kubectl trace"`, {
    hint:
      nearest === undefined
        ? `the commands are ${VERBS.join(', ')}; for example: kubectl trace get nodes`
        : `Did you mean "${nearest}"?`,
  });
}
