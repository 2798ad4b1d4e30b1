import { tableOf } from '../../format/table-of.ts';
import { UsageError } from '../../errors.ts';
import { foreignCommand } from '../foreign-command.ts';
import type { CommonArguments, OwnArguments } from '../../cli/arguments.ts';
import { followFlags, type FollowFlags } from '../pod/flags.ts';
import { requiredFiles, type Files } from '../../cli/input.ts';
import { refuseForPods } from '../pod/arguments.ts';
import type { FlagValues } from '../../cli/values.ts';

/** How the server is to take what is written. */
export interface WriteFlags {
  /** Nothing is stored. */
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
}

export interface CreateInvocation extends CommonArguments {
  readonly kind: 'create';
  readonly files: Files;
  readonly write: WriteFlags;
  readonly follow: FollowFlags;
}

export interface ReplaceInvocation extends CommonArguments {
  readonly kind: 'replace';
  readonly files: Files;
  readonly write: WriteFlags;
}

export interface ApplyInvocation extends CommonArguments {
  readonly kind: 'apply';
  readonly files: Files;
  readonly write: WriteFlags;
  readonly follow: FollowFlags;
  readonly forceConflicts: boolean;
  /** --server-side was on the command line: then nobody has to be told. */
  readonly serverSideIsExplicit: boolean;
}

type Own<Invocation extends { readonly kind: string }> = Omit<OwnArguments<Invocation>, 'kind'>;

/** What `create`, `apply` and `replace` have in common: files, and no other arguments. */
export function parseCreate(positionals: readonly string[], values: FlagValues): Own<CreateInvocation> {
  const [generator] = positionals;
  if (generator !== undefined) {
    throw (
      foreignCommand(['create', generator]) ??
      new UsageError('InvalidArguments', `unexpected argument "${generator}": objects are created from files`, {
        hint: 'kubectl trace create -f FILE',
      })
    );
  }
  const write = writeFlags(values, 'kubectl-create');
  return { files: requiredFiles(values), write, follow: followed(values, write) };
}

export function parseReplace(positionals: readonly string[], values: FlagValues): Own<ReplaceInvocation> {
  noArguments(positionals);
  return { files: requiredFiles(values), write: writeFlags(values, 'kubectl-replace') };
}

export function parseApply(positionals: readonly string[], values: FlagValues): Own<ApplyInvocation> {
  noArguments(positionals);
  const serverSide = values.boolean('server-side');
  if (serverSide === false) {
    throw new UsageError('ServerSideOnly', '--server-side=false: client-side apply is not available', {
      hint: 'it reads the object, compares it here and patches what differs; trace the patch with kubectl trace patch',
    });
  }
  // KEP-555: the server knows kubectl's own applies by this name.
  const write = writeFlags(values, 'kubectl');
  return {
    files: requiredFiles(values),
    write,
    follow: followed(values, write),
    forceConflicts: values.boolean('force-conflicts') ?? false,
    serverSideIsExplicit: serverSide === true,
  };
}

/** What is not stored makes no pods. */
function followed(values: FlagValues, { dryRun: dry }: WriteFlags): FollowFlags {
  const flags = followFlags(values);
  if (flags.follow) refuseForPods(values, '--follow');
  if (!flags.follow || !dry) return flags;
  throw new UsageError('InvalidArguments', '--follow and --dry-run cannot be used together', {
    hint: 'with --dry-run nothing is stored, and so no pod is made that could be followed',
  });
}

function noArguments([first]: readonly string[]): void {
  if (first !== undefined) {
    throw new UsageError('InvalidArguments', `unexpected argument "${first}"`, {
      hint: 'what is sent comes from files: -f FILE',
    });
  }
}

/** `fieldManager`: kubectl's name for the command. */
export function writeFlags(values: FlagValues, fieldManager: string): WriteFlags {
  return {
    dryRun: dryRun(values),
    fieldManager: values.string('field-manager') ?? fieldManager,
    fieldValidation: fieldValidation(values),
  };
}

/** As kubectl reads it (kubectl pkg/cmd/util/helpers.go, GetDryRunStrategy), but what would send nothing is refused. */
export function dryRun(values: FlagValues): boolean {
  const text = values.string('dry-run') ?? 'none';
  if (text === 'server') return true;
  if (text === 'none' || /^(0|f|false)$/i.test(text)) return false;
  if (text === 'client' || text === 'unchanged' || /^(1|t|true)$/i.test(text)) {
    throw new UsageError('NothingToSend', '--dry-run=client sends nothing, so there is nothing to trace', {
      hint: '--dry-run=server sends the request, and the server stores nothing',
    });
  }
  throw new UsageError('InvalidValue', `Invalid dry-run value (${text}). Must be "none", "server", or "client".`);
}

const VALIDATION: Readonly<Record<string, WriteFlags['fieldValidation']>> = tableOf({
  strict: 'Strict',
  true: 'Strict',
  warn: 'Warn',
  ignore: 'Ignore',
  false: 'Ignore',
});

function fieldValidation(values: FlagValues): WriteFlags['fieldValidation'] {
  const text = values.string('validate') ?? 'strict';
  const found = Object.hasOwn(VALIDATION, text) ? VALIDATION[text] : undefined;
  if (found !== undefined) return found;
  throw new UsageError(
    'InvalidValue',
    `invalid - validate option ${JSON.stringify(text)}; must be one of: strict (or true), warn, ignore (or false)`,
  );
}
