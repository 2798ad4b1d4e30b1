import { ShellPart } from './shell-command.ts';

/** The name in the documentation, and the one that npm and archives install. */
export const USUAL_NAME = 'kubectl trace';

/** The plugin's file of that name. */
export const USUAL_FILE = 'kubectl-trace';

/** The name that krew's index installs: docs/adr/0003-name-in-krew.md. */
export const KREW_NAME = 'kubectl api-trace';

/**
 * The words that start this program, for help and for commands that the user may copy. Like the language of a program
 * it is chosen once, before anything is printed, and no function depends on it but for words. Spans, documents and
 * folders have the product's name, which never changes.
 */
let name: string = USUAL_NAME;

export const programName = (): string => name;

/** The same for shell`…`, which would quote a text. */
export const programPart = (): ShellPart => new ShellPart(name);

/** Called once, by `run`, and by the build for each text that it stores. */
export function useProgramName(chosen: string): void {
  name = chosen;
}

/**
 * Parts of a plugin's file name with dashes between them: `kubectl-api_trace`. Any other name is not one that kubectl runs,
 * or holds what a terminal or a shell would act on.
 */
const PLUGIN = /^kubectl(?:-[A-Za-z0-9][A-Za-z0-9_.]{0,63}){1,8}$/;

/**
 * The words that start a plugin which was started as `path`. kubectl makes spaces of the dashes in its file name, and dashes of
 * the underscores (kubectl pkg/cmd/plugin). The usual name for everything that is not a plugin's.
 */
export function programNameOf(path: string | undefined): string {
  const file = pluginFileOf(path);
  return file === undefined ? USUAL_NAME : file.replaceAll('-', ' ').replaceAll('_', '-');
}

/** `kubectl-api_trace` of `/home/ann/.krew/bin/kubectl-api_trace`; undefined for what is not a plugin. */
export function pluginFileOf(path: string | undefined): string | undefined {
  const file = (path ?? '').replace(/^.*[/\\]/s, '').replace(/\.exe$/i, '');
  return PLUGIN.test(file) ? file : undefined;
}
