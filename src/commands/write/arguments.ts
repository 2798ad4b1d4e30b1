import { UsageError } from '../../errors.ts';
import type { CommonArguments, OwnArguments } from '../../cli/arguments.ts';
import { followFlags, refuseDryRun, refuseForFollow, type FollowFlags } from '../../cli/options/follow.ts';
import { requiredFiles, type Files } from '../../cli/input.ts';
import { writeFlags, type WriteFlags } from '../../cli/options/write.ts';
import type { FlagValues } from '../../cli/values.ts';

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
}

/** Commands that send a request for each object of their files. */
export type FilesInvocation = CreateInvocation | ApplyInvocation | ReplaceInvocation;

type Own<Invocation extends { readonly kind: string }> = Omit<OwnArguments<Invocation>, 'kind'>;

/** Shared parsing for `create`, `apply` and `replace`: files, and no other arguments, which are for kubectl. */
export function parseCreate(positionals: readonly string[], values: FlagValues): Own<CreateInvocation> {
  noArguments(positionals);
  const write = writeFlags(values, 'kubectl-create');
  return { files: requiredFiles(values), write, follow: followed(values, write) };
}

export function parseReplace(positionals: readonly string[], values: FlagValues): Own<ReplaceInvocation> {
  noArguments(positionals);
  return { files: requiredFiles(values), write: writeFlags(values, 'kubectl-replace') };
}

export function parseApply(positionals: readonly string[], values: FlagValues): Own<ApplyInvocation> {
  noArguments(positionals);
  // KEP-555: the server knows kubectl's own applies by this name.
  const write = writeFlags(values, 'kubectl');
  return {
    files: requiredFiles(values),
    write,
    follow: followed(values, write),
    forceConflicts: values.boolean('force-conflicts') ?? false,
  };
}

/** A dry run creates no pods. */
function followed(values: FlagValues, { dryRun: dry }: WriteFlags): FollowFlags {
  const flags = followFlags(values);
  if (flags.follow) refuseForFollow(values);
  if (flags.follow) refuseDryRun(dry);
  return flags;
}

function noArguments([first]: readonly string[]): void {
  if (first !== undefined) {
    throw new UsageError('InvalidArguments', `unexpected argument "${first}"`, {
      hint: 'objects are read from files: -f FILE',
    });
  }
}
