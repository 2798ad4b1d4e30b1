import type { Flag } from '../../cli/flag.ts';
import type { FlagValues } from '../../cli/values.ts';
import { UsageError } from '../../errors.ts';

/** The flags of `kubectl version`, so that a script can call either. No variable sets them. */
export const VERSION_FLAGS: readonly Flag[] = [
  {
    name: 'client',
    type: 'boolean',
    group: 'general',
    help: 'Accepted as in kubectl version; the version is that of this program with it and without it',
  },
  {
    name: 'output',
    alias: 'o',
    type: 'choice',
    group: 'general',
    placeholder: 'FORMAT',
    choices: ['json', 'yaml'],
    help: 'Print a document with the version, the platform and Node.js',
  },
];

export interface VersionInvocation {
  readonly kind: 'version';
  /** Undefined: one line for people. */
  readonly format: 'json' | 'yaml' | undefined;
}

/** Throws a UsageError, in the words of `kubectl version` where that has one. */
export function parseVersion(positionals: readonly string[], values: FlagValues): VersionInvocation {
  const [unexpected] = positionals;
  if (unexpected !== undefined) throw new UsageError('TooManyArguments', `unexpected argument "${unexpected}"`);
  if (values.boolean('client') === false) {
    throw new UsageError('InvalidArguments', 'version is that of kubectl trace, and no server has one', {
      hint: 'the versions of kubectl and of the API server: kubectl version',
    });
  }
  const typed = values.isGiven('output') ? values.string('output') : '';
  if (typed === '') return { kind: 'version', format: undefined };
  if (typed === 'json' || typed === 'yaml') return { kind: 'version', format: typed };
  throw new UsageError('InvalidValue', "--output must be 'yaml' or 'json'");
}
