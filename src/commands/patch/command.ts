import { commonArguments, TRACED_FLAGS } from '../../cli/arguments.ts';
import { RESPONSE_FLAGS } from '../../cli/options/response.ts';
import { SUBRESOURCE_FLAGS } from '../../cli/options/selection.ts';
import { CONFLICT_FLAGS, DRY_RUN_FLAGS, FIELD_FLAGS } from '../../cli/options/write.ts';
import { defineCommand } from '../command.ts';
import { parsePatch, type PatchInvocation } from './arguments.ts';
import { PATCH_FLAGS } from './flags.ts';

/** `patch`. */
export const patch = defineCommand<PatchInvocation>({
  summary: 'Patch objects, with one traced request per object',
  usage: ['patch TYPE NAME … -p PATCH', 'patch TYPE/NAME … --patch-file FILE'],
  examples: [
    ['Change the number of replicas', `patch deployment web -p '{"spec":{"replicas":3}}'`],
    ['Send a JSON patch from a file', 'patch configmap web --type json --patch-file patch.json'],
    ['Server-side apply one object', 'patch deployment web --type apply --patch-file web.yaml'],
  ],
  common: ['patch', 'patch-file', 'type', 'dry-run', 'show-response', 'output', 'backend', 'wait'],
  flags: [
    ...PATCH_FLAGS,
    ...SUBRESOURCE_FLAGS,
    ...CONFLICT_FLAGS,
    ...DRY_RUN_FLAGS,
    ...FIELD_FLAGS,
    ...RESPONSE_FLAGS,
    ...TRACED_FLAGS,
  ],
  parse: (line) => ({ kind: 'patch', ...commonArguments(line), ...parsePatch(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runPatch,
});
