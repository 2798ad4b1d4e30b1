import { UsageError } from '../errors.ts';
import { shell } from '../format/shell-command.ts';
import { programPart } from '../format/program-name.ts';

/** The commands of kubectl 1.37 that kubectl trace does not have itself. */
export const KUBECTL_COMMANDS: ReadonlySet<string> = new Set(
  `alpha annotate api-resources api-versions attach auth autoscale certificate cluster-info config cordon cp debug describe
   diff drain edit events exec explain expose kuberc kustomize label logs plugin port-forward proxy rollout scale set taint
   top uncordon wait`.split(/\s+/),
);

/** Commands of kubectl that send nothing: they read or change the user's own files. The last two complete words. */
export const WITHOUT_REQUESTS: ReadonlySet<string> = new Set(
  'config kuberc kustomize plugin completion help options __complete __completeNoDesc'.split(' '),
);

/** Commands that both programs have, and that may also run behind `run --`. */
export const SENT_HERE: ReadonlySet<string> = new Set('get create apply replace patch delete run'.split(' '));

/** Commands of kubectl that have --wait. */
export const WITH_WAIT: ReadonlySet<string> = new Set(['apply', 'delete', 'replace', 'run']);

/** Commands of kubectl that have no --output. */
export const WITHOUT_OUTPUT: ReadonlySet<string> = new Set(
  'api-versions attach cordon cp debug describe diff drain exec logs port-forward proxy top uncordon'.split(' '),
);

/**
 * Whether kubectl reads objects or variables from standard input, which no credential plugin gets then. Behind two dashes
 * stands the command of another program.
 */
export function readsManifest(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).some((word) => /^(?:-|-\w*f=?-|--filename=-)$/.test(word));
}

/** kubectl's flags of the native verbs that kubectl trace does not send itself, for hints where they are not known. */
export const KUBECTL_FLAGS: ReadonlySet<string> = new Set(
  `allow-missing-template-keys edit from-file image kustomize label-columns local no-headers output-watch-events prune
   prune-allowlist record save-config server-print show-kind show-labels show-managed-fields sort-by template
   watch-only windows-line-endings`.split(/\s+/),
);

/** The error for `help COMMAND` of a command that has its help in kubectl; undefined for any other word. */
export function kubectlHelp(typed: string): UsageError | undefined {
  if (!KUBECTL_COMMANDS.has(typed)) return undefined;
  return new UsageError('NotOurCommand', `"${typed}" is a command of kubectl, which kubectl trace runs`, {
    hint: `its help: ${shell`${programPart()} ${typed} --help`}`,
  });
}
