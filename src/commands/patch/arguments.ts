import { UsageError } from '../../errors.ts';
import type { CommonArguments, OwnArguments } from '../../cli/arguments.ts';
import type { InputSource } from '../../cli/input.ts';
import { parseObjects, type NamedObject } from '../../cli/objects.ts';
import type { FlagValues } from '../../cli/values.ts';
import { writeFlags, type WriteFlags } from '../../cli/options/write.ts';
import { programName } from '../../format/program-name.ts';

/** How the patch is meant (`--type`). */
export type PatchType = 'strategic' | 'merge' | 'json' | 'apply';

export interface PatchInvocation extends CommonArguments {
  readonly kind: 'patch';
  readonly names: readonly NamedObject[];
  readonly patch: InputSource;
  readonly patchType: PatchType;
  readonly subresource?: string;
  /** For an apply patch only. */
  readonly forceConflicts: boolean;
  readonly write: WriteFlags;
}

/** `patch`'s own arguments. Throws a UsageError. */
export function parsePatch(
  positionals: readonly string[],
  values: FlagValues,
): Omit<OwnArguments<PatchInvocation>, 'kind'> {
  const patch = values.string('patch');
  const patchFile = values.string('patch-file');
  if (patch !== undefined && patchFile !== undefined) {
    throw new UsageError('InvalidArguments', 'cannot specify --patch and --patch-file together');
  }
  const source = patch === undefined ? { file: patchFile } : { text: patch };
  if (patch === '' || (patch === undefined && !patchFile)) {
    throw new UsageError(
      'InvalidArguments',
      'must specify --patch or --patch-file containing the contents of the patch',
    );
  }
  const { names } = parseObjects(positionals, 'patch');
  if (names.length === 0) {
    throw new UsageError('InvalidArguments', 'resource name may not be empty', {
      hint: `for example: ${programName()} patch configmap web -p '{"data":{"a":"b"}}' --type merge`,
    });
  }
  const subresource = values.string('subresource');
  const patchType = values.choice<PatchType>('type');
  const forceConflicts = values.boolean('force-conflicts') ?? false;
  if (forceConflicts && patchType !== 'apply') {
    throw new UsageError('InvalidArguments', '--force-conflicts is for --type apply: other patches have no conflicts');
  }
  return {
    names,
    patch: source as PatchInvocation['patch'],
    patchType,
    forceConflicts,
    ...(subresource && { subresource }),
    write: writeFlags(values, 'kubectl-patch'),
  };
}
