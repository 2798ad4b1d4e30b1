import { commonArguments, TRACED_FLAGS } from '../../cli/arguments.ts';
import { REPEAT_FLAGS } from '../../cli/options/repeat.ts';
import { RESPONSE_FLAGS } from '../../cli/options/response.ts';
import { ABSENCE_FLAGS, SELECTION_FLAGS, SUBRESOURCE_FLAGS } from '../../cli/options/selection.ts';
import { defineCommand } from '../command.ts';
import { parseGet, type GetInvocation } from './arguments.ts';
import { GET_FLAGS } from './flags.ts';

/** `get`. */
export const get = defineCommand<GetInvocation>({
  summary: 'Get objects from the API server, and show where the time of the request went',
  usage: ['get TYPE[,TYPE …] [NAME …]', 'get TYPE/NAME …', 'get TYPE -w --for-events NUMBER', 'get --raw PATH'],
  examples: [
    ['List all nodes', 'get nodes'],
    ['Get one pod in namespace "shop", using context "staging"', 'get pod web -n shop --context staging'],
    ['List the pods of all namespaces, as JSON for a script', 'get pods -A -o json'],
    ['Print what kubectl prints, and then the trace', 'get pods,services --show-response'],
    ['Watch a list until three changes have arrived', 'get pods -w --for-events 3'],
    ['Request any path of the API server', 'get --raw /readyz?verbose'],
    ['Send the request without looking for its trace', 'get nodes --wait 0'],
  ],
  common: ['all-namespaces', 'selector', 'watch', 'for-events', 'repeat', 'show-response', 'output', 'backend', 'wait'],
  flags: [
    ...SELECTION_FLAGS,
    ...GET_FLAGS,
    ...REPEAT_FLAGS,
    ...SUBRESOURCE_FLAGS,
    ...ABSENCE_FLAGS,
    ...RESPONSE_FLAGS,
    ...TRACED_FLAGS,
  ],
  parse: (line) => ({ kind: 'get', ...commonArguments(line), ...parseGet(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runGet,
});
