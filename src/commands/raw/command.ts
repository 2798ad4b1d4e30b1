import { commonArguments, TRACED_FLAGS } from '../../cli/arguments.ts';
import { RESPONSE_FLAGS } from '../../cli/options/response.ts';
import { defineCommand } from '../command.ts';
import { parseRaw, type RawInvocation } from './arguments.ts';
import { RAW_FLAGS } from './flags.ts';

/** `raw`. */
export const raw = defineCommand<RawInvocation>({
  summary: 'Send any request to the API server, and trace it',
  usage: ['raw METHOD PATH [--data TEXT|@FILE]'],
  examples: [
    ['Show every readiness check of the API server', 'raw GET /readyz?verbose'],
    ['Create an object from a file', 'raw POST /api/v1/namespaces/default/configmaps --data @web.json'],
  ],
  common: ['data', 'header', 'show-response', 'output', 'backend', 'wait'],
  flags: [...RAW_FLAGS, ...RESPONSE_FLAGS, ...TRACED_FLAGS],
  parse: (line) => ({ kind: 'raw', ...commonArguments(line), ...parseRaw(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runRaw,
});
