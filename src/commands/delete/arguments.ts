import { UsageError } from '../../errors.ts';
import type { CommonArguments, OwnArguments } from '../../cli/arguments.ts';
import { filesOf, type Files } from '../../cli/input.ts';
import { parseObjects, type NamedObject } from '../../cli/objects.ts';
import type { FlagValues } from '../../cli/values.ts';
import { dryRun } from '../../cli/options/write.ts';
import { programName } from '../../format/program-name.ts';

/** Objects to delete. `selected` without selectors: everything. */
export type DeleteTarget =
  | { readonly kind: 'files'; readonly files: Files }
  | { readonly kind: 'names'; readonly names: readonly NamedObject[] }
  | {
      readonly kind: 'selected';
      /** As typed; categories too. */
      readonly types: readonly string[];
      readonly labelSelector?: string;
      readonly fieldSelector?: string;
    };

export interface DeleteInvocation extends CommonArguments {
  readonly kind: 'delete';
  readonly target: DeleteTarget;
  readonly allNamespaces: boolean;
  readonly dryRun: boolean;
  readonly cascade: 'background' | 'foreground' | 'orphan';
  /** Undefined: the object's own. */
  readonly gracePeriodSeconds?: number;
  /** At once, whatever still runs. */
  readonly forced: boolean;
  readonly ignoreNotFound: boolean;
}

/** `delete`'s own arguments: names, what is selected, or files. Throws a UsageError. */
export function parseDelete(
  positionals: readonly string[],
  values: FlagValues,
): Omit<OwnArguments<DeleteInvocation>, 'kind'> {
  const files = filesOf(values);
  // An empty selector counts as missing, and so selects nothing here: kubectl refuses it too.
  const labelSelector = values.string('selector')?.trim() || undefined;
  const fieldSelector = values.string('field-selector')?.trim() || undefined;
  const all = values.boolean('all') ?? false;
  const allNamespaces = values.boolean('all-namespaces') ?? false;
  const selected = labelSelector !== undefined || fieldSelector !== undefined || all;
  const options = {
    allNamespaces,
    dryRun: dryRun(values),
    cascade: cascade(values),
    // A selected object may be gone when it is deleted.
    ignoreNotFound: values.boolean('ignore-not-found') ?? selected,
    ...gracePeriod(values),
  };
  if (files !== undefined) {
    if (positionals.length > 0 || selected) {
      throw new UsageError('InvalidArguments', 'when files are given, there can be no types, names or selectors');
    }
    return { ...options, target: { kind: 'files', files } };
  }
  const { types, names, combined } = parseObjects(positionals, 'delete');
  if (names.length > 0) {
    if (selected) {
      throw new UsageError(
        'InvalidArguments',
        combined
          ? 'selectors and the all flag cannot be used when passing resource/name arguments'
          : 'name cannot be provided when a selector is specified',
      );
    }
    return { ...options, target: { kind: 'names', names } };
  }
  if (all && (labelSelector ?? fieldSelector) !== undefined) {
    throw new UsageError('InvalidArguments', 'cannot set --all and a selector at the same time');
  }
  if (!selected) {
    throw new UsageError('InvalidArguments', 'resource(s) were provided, but no name was specified', {
      hint: `for example: ${programName()} delete ${types[0]} NAME, or with -l LABELS or --all`,
    });
  }
  return {
    ...options,
    target: {
      kind: 'selected',
      types,
      ...(labelSelector !== undefined && { labelSelector }),
      ...(fieldSelector !== undefined && { fieldSelector }),
    },
  };
}

function cascade(values: FlagValues): DeleteInvocation['cascade'] {
  const text = values.string('cascade') ?? 'background';
  if (text === 'background' || text === 'foreground' || text === 'orphan') return text;
  throw new UsageError(
    'InvalidValue',
    `invalid cascade value (${text}). Must be "background", "foreground", or "orphan"`,
  );
}

/** kubectl pkg/cmd/delete/delete.go: 0 by mistake is made 1, so that nothing is lost. */
function gracePeriod(values: FlagValues): Pick<DeleteInvocation, 'gracePeriodSeconds' | 'forced'> {
  const given = values.integer('grace-period');
  const force = values.boolean('force') ?? false;
  const now = values.boolean('now') ?? false;
  let seconds = given ?? -1;
  if (now && seconds !== -1) {
    throw new UsageError('InvalidArguments', '--now and --grace-period cannot be specified together');
  }
  if (now) seconds = 1;
  if (force && seconds > 0) {
    throw new UsageError('InvalidArguments', '--force and --grace-period greater than 0 cannot be specified together');
  }
  if (seconds === 0 && !force) seconds = 1;
  if (force && seconds < 0) seconds = 0;
  return { forced: seconds === 0, ...(seconds >= 0 && { gracePeriodSeconds: seconds }) };
}
