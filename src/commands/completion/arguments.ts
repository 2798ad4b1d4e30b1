import { UsageError } from '../../errors.ts';
import { programName } from '../../format/program-name.ts';

/** Shells that have a script. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** Prints the script of a shell, or writes or removes the file that kubectl runs. */
export interface CompletionInvocation {
  readonly kind: 'completion';
  readonly action: Shell | FileAction;
}

/** Flags that take the place of a shell. */
const FILE_ACTIONS = ['install', 'uninstall'] as const;
type FileAction = (typeof FILE_ACTIONS)[number];

/** A shell, `--install` or `--uninstall`. Throws a UsageError. */
export function parseCompletion(
  positionals: readonly string[],
  isGiven: (flag: FileAction) => boolean,
): CompletionInvocation {
  const [typed, unexpected] = positionals;
  if (unexpected !== undefined) throw new UsageError('TooManyArguments', `unexpected argument "${unexpected}"`);
  const [action, other] = FILE_ACTIONS.filter(isGiven);
  if (other !== undefined) throw refused('--install and --uninstall exclude each other');
  if (action === undefined) return { kind: 'completion', action: shellOf(typed) };
  if (typed !== undefined) throw refused(`--${action} takes no shell`);
  return { kind: 'completion', action };
}

function shellOf(typed: string | undefined): Shell {
  const shell = SHELLS.find((known) => known === typed);
  if (shell !== undefined) return shell;
  throw refused(
    typed === undefined ? 'You must give a shell, or --install' : `unsupported shell type ${JSON.stringify(typed)}`,
  );
}

const refused = (problem: string): UsageError =>
  new UsageError('InvalidArguments', problem, {
    hint: `the shells are ${SHELLS.join(', ')}; for kubectl itself: ${programName()} completion --install`,
  });
