import { ExitCode } from '../../errors.ts';
import { pluginFileOf, USUAL_FILE } from '../../format/program-name.ts';
import type { Runtime } from '../../runtime.ts';
import type { CompletionInvocation } from './arguments.ts';
import { install } from './install.ts';
import { scriptOf } from './scripts.ts';
import { uninstall } from './uninstall.ts';

/** `kubectl trace completion`: prints a script, or writes or removes the file that kubectl runs. Sends nothing. */
export async function runCompletion({ action }: CompletionInvocation, runtime: Runtime): Promise<ExitCode> {
  const plugin = pluginFileOf(runtime.startedAs) ?? USUAL_FILE;
  const text = await textOf(action, plugin, runtime);
  runtime.out.write(text);
  return ExitCode.ok;
}

async function textOf(action: CompletionInvocation['action'], plugin: string, runtime: Runtime): Promise<string> {
  if (action === 'install') return install(plugin, runtime);
  if (action === 'uninstall') return uninstall(plugin, runtime);
  return scriptOf(action, plugin);
}
