import { commonArguments, TRACED_FLAGS } from '../../cli/arguments.ts';
import { RESPONSE_FLAGS } from '../../cli/options/response.ts';
import { SUBRESOURCE_FLAGS } from '../../cli/options/selection.ts';
import { CONFLICT_FLAGS, DRY_RUN_FLAGS, FIELD_FLAGS } from '../../cli/options/write.ts';
import { defineCommand } from '../command.ts';
import { parsePatch, type PatchInvocation } from './arguments.ts';
import { PATCH_FLAGS } from './flags.ts';

/** `kubectl trace patch`. */
export const patch = defineCommand<PatchInvocation>({
  summary: 'Patch objects, one traced request for each',
  usage: ['patch TYPE NAME … -p PATCH', 'patch TYPE/NAME … --patch-file FILE'],
  examples: [
    ['More replicas', `kubectl trace patch deployment web -p '{"spec":{"replicas":3}}'`],
    ['A JSON patch from a file', 'kubectl trace patch configmap web --type json --patch-file patch.json'],
    ['A server-side apply of one object', 'kubectl trace patch deployment web --type apply --patch-file web.yaml'],
  ],
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
