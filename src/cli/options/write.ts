import { UsageError } from '../../errors.ts';
import { tableOf } from '../../format/table-of.ts';
import type { Flag } from '../flag.ts';
import type { FlagValues } from '../values.ts';

/** Where objects come from. These flags have the names and meanings of kubectl. */
export const FILE_FLAGS: readonly Flag[] = [
  {
    name: 'filename',
    alias: 'f',
    type: 'strings',
    group: 'files',
    placeholder: 'FILE',
    help: 'File or directory that contains the objects (YAML or JSON), or - for standard input; can be repeated',
  },
  {
    name: 'recursive',
    alias: 'R',
    type: 'boolean',
    group: 'files',
    help: 'Process the directory used in -f, --filename recursively',
  },
];

/** Whether the server stores the result. */
export const DRY_RUN_FLAGS: readonly Flag[] = [
  {
    name: 'dry-run',
    type: 'string',
    group: 'write',
    placeholder: 'server|none',
    implied: 'client',
    default: 'none',
    help: 'If "server", submit a server-side request without persisting it',
  },
];

/** Who owns the written fields. */
export const FIELD_FLAGS: readonly Flag[] = [
  {
    name: 'field-manager',
    type: 'string',
    group: 'fields',
    placeholder: 'NAME',
    help: "Name of the manager used to track field ownership; kubectl's name for the command if omitted",
  },
];

/** How strictly the server checks the fields. */
export const VALIDATION_FLAGS: readonly Flag[] = [
  {
    name: 'validate',
    type: 'string',
    group: 'validation',
    placeholder: 'strict|warn|ignore',
    implied: 'strict',
    default: 'strict',
    help: 'How the server treats unknown and duplicate fields',
  },
];

/** Server-side apply over the fields of other owners. */
export const CONFLICT_FLAGS: readonly Flag[] = [
  {
    name: 'force-conflicts',
    type: 'boolean',
    group: 'conflicts',
    help: 'Force the changes of a server-side apply against conflicts with other field managers',
  },
];

/** How the server is to take what is written. */
export interface WriteFlags {
  /** Nothing is stored. */
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
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
