import { commonArguments, TRACED_FLAGS } from '../../cli/arguments.ts';
import { RESPONSE_FLAGS } from '../../cli/options/response.ts';
import { ABSENCE_FLAGS, SELECTION_FLAGS } from '../../cli/options/selection.ts';
import { DRY_RUN_FLAGS, FILE_FLAGS } from '../../cli/options/write.ts';
import { defineCommand } from '../command.ts';
import { parseDelete, type DeleteInvocation } from './arguments.ts';
import { DELETE_FLAGS } from './flags.ts';

/** `delete`. */
export const deleteCommand = defineCommand<DeleteInvocation>({
  summary: 'Delete objects without waiting until they are gone, with one traced request per object',
  usage: ['delete TYPE NAME …', 'delete TYPE/NAME …', 'delete TYPE -l LABELS', 'delete -f FILE|FOLDER|- …'],
  examples: [
    ['Delete one pod', 'delete pod web'],
    ['Delete all configmaps with a label', 'delete configmaps -l app=web'],
  ],
  common: ['selector', 'all', 'filename', 'grace-period', 'dry-run', 'show-response', 'output', 'backend', 'wait'],
  flags: [
    ...SELECTION_FLAGS,
    ...DELETE_FLAGS,
    ...ABSENCE_FLAGS,
    ...FILE_FLAGS,
    ...DRY_RUN_FLAGS,
    ...RESPONSE_FLAGS,
    ...TRACED_FLAGS,
  ],
  parse: (line) => ({ kind: 'delete', ...commonArguments(line), ...parseDelete(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runDelete,
});
