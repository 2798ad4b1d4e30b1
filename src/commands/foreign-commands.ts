import { UsageError } from '../errors.ts';

/** kubectl's commands that kubectl trace does not speak itself. */
const COMMANDS = new Set(
  `alpha annotate api-resources api-versions attach auth autoscale certificate cluster-info config cordon cp debug describe
   diff drain edit events exec explain expose kustomize label logs port-forward proxy rollout scale set taint top uncordon
   wait`.split(/\s+/),
);

/** Objects that `kubectl create` makes from flags alone. */
const GENERATORS = new Set(
  `clusterrole clusterrolebinding configmap cronjob deployment ingress job namespace poddisruptionbudget priorityclass quota
   role rolebinding secret service serviceaccount token cm cj deploy ing ns pdb pc sa svc`.split(/\s+/),
);

/** Flags of kubectl for the format of the output, or for the source of objects. */
export const FOREIGN_FLAGS: ReadonlySet<string> = new Set(
  `allow-missing-template-keys edit from-file image kustomize label-columns local no-headers output-watch-events prune
   prune-allowlist record save-config server-print show-kind show-labels show-managed-fields sort-by template
   watch-only windows-line-endings`.split(/\s+/),
);

/**
 * The error for a command of kubectl that this tool does not have, with the command that traces it anyway; undefined
 * for anything else. Also for a command line that cannot be parsed: its flags are unknown here too.
 */
export function foreignCommand(argv: readonly string[]): UsageError | undefined {
  const end = argv.indexOf('--');
  const words = (end === -1 ? argv : argv.slice(0, end)).filter((word) => !word.startsWith('-'));
  const [verb = '', object = ''] = words;
  if (COMMANDS.has(verb)) return notOurs(`"${verb}" is a command of kubectl, not of kubectl trace`, verb);
  if (verb !== 'create' || !GENERATORS.has(object)) return undefined;
  return notOurs(`"create ${object}" is a command of kubectl: here objects are created from files`, `create ${object}`);
}

const notOurs = (message: string, command: string): UsageError =>
  new UsageError('NotOurCommand', message, { hint: `trace it with: kubectl trace run -- kubectl ${command} …` });
