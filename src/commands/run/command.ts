import { commonArguments, TRACED_FLAGS } from '../../cli/arguments.ts';
import type { Flag } from '../../cli/flag.ts';
import { defineCommand } from '../command.ts';
import { parseRun, type RunInvocation } from './arguments.ts';

const RUN_FLAGS: readonly Flag[] = [
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
  summary: 'Run any client of the API server, and trace every request that it makes',
  usage: ['run [flags] -- COMMAND [ARGUMENT …]'],
  examples: [
    ['What a rollout is waiting for', 'kubectl trace run -- kubectl rollout status deployment/web'],
    [
      'All requests of an installation, as JSON in a file',
      'kubectl trace run -o json --trace-output trace.json -- helm install web ./web',
    ],
    [
      'In context "staging": flags of the connection are ours too',
      'kubectl trace run --context staging -- kubectl get pods -A',
    ],
  ],
  flags: [...RUN_FLAGS, ...TRACED_FLAGS],
  parse: (line) => ({ kind: 'run', ...commonArguments(line), ...parseRun(line.words, line.values) }),
  load: async () => (await import('./run.ts')).runCommand,
});
