import { pluginFileOf } from '../format/program-name.ts';

/** Set by bin/kubectl-trace, because Node.js does not know the name of the script that started it. */
const VARIABLE = 'KUBECTL_TRACE_STARTED_AS';

/**
 * The path that this program was started as: the executable by its own name, which kubectl gives it as the plugin's path,
 * or the launcher's. Undefined where neither is the name of a plugin.
 */
export function startedAs(): string | undefined {
  return [process.argv0, process.env[VARIABLE]].find((path) => pluginFileOf(path) !== undefined);
}

/** Another program, started by this one, has its own name. */
export const isOurVariable = (name: string): boolean => name === VARIABLE;
