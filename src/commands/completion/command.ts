import { BASIC_FLAGS } from '../../cli/arguments.ts';
import type { Flag } from '../../cli/flag.ts';
import { defineCommand } from '../command.ts';
import { parseCompletion, SHELLS, type CompletionInvocation } from './arguments.ts';

const COMPLETION_FLAGS: readonly Flag[] = [
  {
    name: 'install',
    type: 'boolean',
    group: 'general',
    help: 'Write the file that kubectl runs to complete this plugin, beside the plugin or into another folder of the PATH',
  },
  {
    name: 'uninstall',
    type: 'boolean',
    group: 'general',
    help: 'Remove the file that --install wrote, and no other',
  },
];

/** `kubectl trace completion`. */
export const completion = defineCommand<CompletionInvocation>({
  summary: 'Complete commands in bash, zsh, fish or PowerShell',
  usage: ['completion --install|--uninstall', `completion ${SHELLS.join('|')}`],
  examples: [
    ['Let kubectl complete the command lines of this plugin', 'completion --install'],
    ['Print a script that completes the program kubectl-trace itself', 'completion bash'],
  ],
  flags: [...COMPLETION_FLAGS, ...BASIC_FLAGS],
  parse: ({ positionals, values }) => parseCompletion(positionals, (flag) => values.boolean(flag) ?? false),
  load: async () => (await import('./run.ts')).runCompletion,
});
