import { ExitCode } from '../../errors.ts';
import { pluginFileOf, USUAL_FILE } from '../../format/program-name.ts';
import type { Runtime } from '../../runtime.ts';
import type { CompletionInvocation } from './arguments.ts';
import { install } from './install.ts';
import { scriptOf } from './scripts.ts';

/** `kubectl trace completion`: prints a script, or writes the file that kubectl runs. Sends nothing. */
export async function runCompletion({ shell }: CompletionInvocation, runtime: Runtime): Promise<ExitCode> {
  const plugin = pluginFileOf(runtime.startedAs) ?? USUAL_FILE;
  const text = shell === undefined ? await install(plugin, runtime) : scriptOf(shell, plugin);
  runtime.out.write(text);
  return ExitCode.ok;
}
