import { pluginFileOf } from '../format/program-name.ts';
import type { Platform } from '../platform.ts';

/** Set by bin/kubectl-trace, because Node.js does not know the name of the script that started it. */
const VARIABLE = 'KUBECTL_TRACE_STARTED_AS';

/**
 * The path that this program was started as: the executable by its own name, which kubectl gives it as the plugin's path,
 * or the launcher's. Undefined where neither is the name of a plugin.
 */
export function startedAs(): string | undefined {
  return [process.argv0, process.env[VARIABLE]].find((path) => pluginFileOf(path) !== undefined);
}

/** The file that starts this program. The launcher is beside the folder of `main.js`. */
export function ownFile(isExecutable: boolean, { path }: Platform): string | undefined {
  if (isExecutable) return process.execPath;
  const [, main] = process.argv;
  return main === undefined ? undefined : path.join(path.dirname(main), '..', 'bin', 'kubectl-trace');
}

/** Another program, started by this one, has its own name. */
export const isOurVariable = (name: string): boolean => name === VARIABLE;
