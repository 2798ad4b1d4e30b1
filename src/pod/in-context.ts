import { shellWord } from '../format/shell-command.ts';
import { programName, USUAL_NAME } from '../format/program-name.ts';
import type { NextStep, Verdict } from './verdict.ts';

/** A verdict whose commands are for the cluster that the command line has named. `flags`: see clusterFlags. */
export function inContext(verdict: Verdict, flags: readonly string[]): Verdict {
  const step = (original: NextStep): NextStep => ({
    ...original,
    command: commandInContext(original.command, flags),
  });
  const { cause, notes } = verdict;
  return {
    ...verdict,
    cause: cause === null ? null : { ...cause, next: cause.next.map(step) },
    notes: notes.map((note) => (note.next === undefined ? note : { ...note, next: step(note.next) })),
  };
}

/**
 * `kubectl --context staging get nodes`, also behind a pipe; commands of nodes stay. A plugin's name must come before
 * every flag (NewDefaultKubectlCommandWithArgs in k8s.io/kubectl/pkg/cmd/cmd.go): `kubectl trace --context staging pod`.
 */
export function commandInContext<Command extends string>(command: Command, flags: readonly string[]): Command {
  const words = flags.map((word) => ` ${shellWord(word)}`).join('');
  // A stored command may have the usual name. Quoted text is a value and stays as it is.
  const names = [programName(), USUAL_NAME, 'kubectl'].map((name) => name.replaceAll('.', '\\.')).join('|');
  return command.replace(new RegExp(`\\\\'|'[^']*'|(?:^|\\| )(?:${names})(?= )`, 'g'), (part) =>
    part.endsWith("'") ? part : `${part}${words}`,
  ) as Command;
}
