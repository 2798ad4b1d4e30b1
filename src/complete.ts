import { parseDuration } from './cli/duration.ts';
import { findKubectl } from './commands/kubectl/program.ts';
import { completionText, NOTHING } from './commands/complete/completion.ts';
import { complete } from './commands/complete/complete.ts';
import type { CompletionData } from './commands/complete/data.ts';
import type { WantedNames } from './commands/complete/object-names.ts';
import type { CompletionWorld } from './commands/complete/world.ts';
import { isPassedOn } from './passed-on.ts';
import type { TextSink } from './runtime.ts';

/**
 * kubectl and the shell take up to 50 ms before and after this process: a key press has its response after 300 ms, whatever
 * the cluster does.
 */
const TIMEOUT_MILLIS = 250;

/** Lengthens it: some credential plugins take a second. */
const TIMEOUT_VARIABLE = 'KUBECTL_TRACE_COMPLETION_TIMEOUT';

/** The world, and where the choices go. */
export interface CompletionHost extends Omit<CompletionWorld, 'kubectl' | 'listNames'> {
  readonly out: TextSink;
  /** Runs kubectl until this process is that old. */
  readonly runKubectl: (file: string, args: readonly string[], untilMillis: number) => Promise<string | undefined>;
  /** See `CompletionWorld`; the program that sends requests is loaded for it. */
  readonly listNames: (wanted: WantedNames) => Promise<readonly string[] | undefined>;
}

/** Prints what may stand at the end of a command line, for a shell. Nothing else is printed, whatever happens. */
export async function printCompletion(
  [request = '', ...words]: readonly string[],
  data: CompletionData,
  host: CompletionHost,
): Promise<void> {
  const until = timeoutMillis(host.env[TIMEOUT_VARIABLE]);
  const world: CompletionWorld = {
    ...host,
    listNames: (wanted) => host.listNames({ ...wanted, untilMillis: until }),
    kubectl: async (args: readonly string[]) => {
      const found = findKubectl(host);
      if (!('path' in found) || isPassedOn(host.env, { path: found.path, verb: '__complete' })) return undefined;
      // A server has taken all of the time. To start kubectl and to end it takes a third of that again.
      if (performance.now() >= until) return undefined;
      return host.runKubectl(found.path, args, until);
    },
  };
  const typed = words.at(-1) ?? '';
  const text = await complete(words, data, world)
    .then((completion) => completionText(completion, typed))
    .catch(() => completionText(NOTHING, typed));
  host.out.write(request === '__completeNoDesc' ? text.replaceAll(/\t.*/g, '') : text);
}

function timeoutMillis(given: string | undefined): number {
  const nanos = given === undefined ? undefined : parseDuration(given);
  return nanos === undefined || nanos < 0 ? TIMEOUT_MILLIS : nanos / 1e6;
}
