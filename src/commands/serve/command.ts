import { BASIC_FLAGS } from '../../cli/arguments.ts';
import { redactArguments } from '../../cli/redact.ts';
import { defineCommand } from '../command.ts';
import { parseServe, type ServeInvocation } from './arguments.ts';
import { SERVE_FLAGS } from './flags.ts';

/** `serve`. */
export const serve = defineCommand<ServeInvocation>({
  summary: 'Receive and store traces, for clusters without a trace backend',
  usage: ['serve'],
  examples: [
    ['Receive spans on the default ports; other commands find the traces there', 'serve'],
    [
      'Store up to 4 GiB, and forward everything to a collector',
      'serve --max-size 4Gi --forward http://collector:4318',
    ],
  ],
  flags: [...SERVE_FLAGS, ...BASIC_FLAGS],
  parse: ({ argv, words, positionals, values }) => ({
    kind: 'serve',
    args: redactArguments(argv, words),
    ...parseServe(positionals, values),
  }),
  load: async () => (await import('./run.ts')).runServe,
});
