import { BASIC_FLAGS } from '../../cli/arguments.ts';
import { defineCommand } from '../command.ts';
import { parseVersion, VERSION_FLAGS, type VersionInvocation } from './arguments.ts';

/** `kubectl trace version`. */
export const version = defineCommand<VersionInvocation>({
  summary: 'Print the version of kubectl trace',
  usage: ['version', 'version -o json|yaml'],
  examples: [
    ['Print the version alone', 'version'],
    ['Print the version, the platform and the Node.js, for a bug report', 'version -o yaml'],
  ],
  flags: [...VERSION_FLAGS, ...BASIC_FLAGS],
  parse: ({ positionals, values }) => parseVersion(positionals, values),
  load: async () => (await import('./run.ts')).runVersion,
});
