import { UsageError } from '../../errors.ts';
import { programName } from '../../format/program-name.ts';

/** Shells that have a script. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script of one shell; undefined: the file that kubectl runs is installed. */
export interface CompletionInvocation {
  readonly kind: 'completion';
  readonly shell: Shell | undefined;
}

/** A shell, or `--install`. Throws a UsageError. */
export function parseCompletion(positionals: readonly string[], installs: boolean): CompletionInvocation {
  const [typed, unexpected] = positionals;
  if (unexpected !== undefined) throw new UsageError('TooManyArguments', `unexpected argument "${unexpected}"`);
  if (installs && typed === undefined) return { kind: 'completion', shell: undefined };
  const shell = SHELLS.find((known) => known === typed);
  if (!installs && shell !== undefined) return { kind: 'completion', shell };
  const problem = installs
    ? '--install takes no shell'
    : typed === undefined
      ? 'You must give a shell, or --install'
      : `unsupported shell type ${JSON.stringify(typed)}`;
  throw new UsageError('InvalidArguments', problem, {
    hint: `the shells are ${SHELLS.join(', ')}; for kubectl itself: ${programName()} completion --install`,
  });
}
