import { objectNames, type WantedNames } from './commands/complete/object-names.ts';
import type { Runtime, TextSink } from './runtime.ts';

/**
 * Loaded by completion for the names of objects alone: a key press does not wait for the rest of the program.
 */
export function listNames(
  wanted: WantedNames,
  runtime: Runtime,
  version: string,
): Promise<readonly string[] | undefined> {
  return objectNames(wanted, { ...runtime, err: NOWHERE }, version);
}

/** For warnings of the server, which would stand on the line that is being typed. */
const NOWHERE: TextSink = { write: () => {} };
