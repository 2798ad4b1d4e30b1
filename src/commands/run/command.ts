import { TRACED_FLAGS } from '../../cli/arguments.ts';
import { defineCommand } from '../command.ts';
import { parseRun, RUN_FLAGS, type RunInvocation } from './arguments.ts';

/** `run`. */
export const run = defineCommand<RunInvocation>({
  summary: 'Run any client of the API server, such as helm, and trace all of its requests',
  usage: ['run [flags] -- COMMAND [ARGUMENT …]'],
  examples: [
    ['Trace an upgrade', 'run -- helm upgrade web ./web'],
    [
      'Write the trace of an installation to a file, as JSON',
      'run -o json --trace-output trace.json -- helm install web ./web',
    ],
    ['Use context "staging"', 'run --context staging -- terraform plan'],
  ],
  common: ['trace-output', 'output', 'backend', 'wait'],
  flags: [...RUN_FLAGS, ...TRACED_FLAGS],
  parse: (line) => ({ kind: 'run', ...parseRun(line) }),
  load: async () => (await import('./run.ts')).runCommand,
});
