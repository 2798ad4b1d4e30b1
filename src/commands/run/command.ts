import { TRACED_FLAGS } from '../../cli/arguments.ts';
import type { Flag } from '../../cli/flag.ts';
import { defineCommand } from '../command.ts';
import { parseRun, type RunInvocation } from './arguments.ts';

/** Flags of a command that another program runs. */
export const RUN_FLAGS: readonly Flag[] = [
  {
    name: 'trace-output',
    type: 'string',
    group: 'run',
    placeholder: 'FILE',
    help: 'Write the trace to this file instead of standard error',
  },
];

/** `kubectl trace run`. */
export const run = defineCommand<RunInvocation>({
  summary: 'Run any client of the API server, such as helm, and trace all of its requests',
  usage: ['run [flags] -- COMMAND [ARGUMENT …]'],
  examples: [
    ['Trace an upgrade', 'kubectl trace run -- helm upgrade web ./web'],
    [
      'Write the trace of an installation to a file, as JSON',
      'kubectl trace run -o json --trace-output trace.json -- helm install web ./web',
    ],
    ['Use context "staging"', 'kubectl trace run --context staging -- terraform plan'],
  ],
  common: ['trace-output', 'output', 'backend', 'wait'],
  flags: [...RUN_FLAGS, ...TRACED_FLAGS],
  parse: (line) => ({ kind: 'run', ...parseRun(line) }),
  load: async () => (await import('./run.ts')).runCommand,
});
