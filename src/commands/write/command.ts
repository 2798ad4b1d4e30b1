import { commonArguments, TRACED_FLAGS } from '../../cli/arguments.ts';
import { FOLLOW_FLAGS } from '../../cli/options/follow.ts';
import { RESPONSE_FLAGS } from '../../cli/options/response.ts';
import { CONFLICT_FLAGS, DRY_RUN_FLAGS, FIELD_FLAGS, FILE_FLAGS, VALIDATION_FLAGS } from '../../cli/options/write.ts';
import { defineCommand } from '../command.ts';
import {
  parseApply,
  parseCreate,
  parseReplace,
  type ApplyInvocation,
  type CreateInvocation,
  type ReplaceInvocation,
} from './arguments.ts';
import { APPLY_FLAGS } from './flags.ts';

const WRITE_FLAGS = [...FILE_FLAGS, ...DRY_RUN_FLAGS, ...FIELD_FLAGS, ...VALIDATION_FLAGS];

/** `kubectl trace create`. */
export const create = defineCommand<CreateInvocation>({
  summary: 'Create the objects of files, one traced request for each',
  usage: ['create -f FILE|FOLDER|- …'],
  examples: [
    ['The objects of a file', 'kubectl trace create -f web.yaml'],
    ['All the way through admission, and nothing is stored', 'kubectl trace create -f web.yaml --dry-run=server'],
    ['From the request to the pod being Ready, or stuck', 'kubectl trace create -f web.yaml --follow'],
  ],
  flags: [...WRITE_FLAGS, ...FOLLOW_FLAGS, ...RESPONSE_FLAGS, ...TRACED_FLAGS],
  parse: (line) => ({ kind: 'create', ...commonArguments(line), ...parseCreate(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runCreate,
});

/** `kubectl trace apply`. */
export const apply = defineCommand<ApplyInvocation>({
  summary: 'Apply the objects of files on the server (server-side apply), one traced request for each',
  usage: ['apply -f FILE|FOLDER|- …'],
  examples: [['The objects of a folder and of the folders in it', 'kubectl trace apply -R -f deploy/']],
  flags: [...WRITE_FLAGS, ...APPLY_FLAGS, ...CONFLICT_FLAGS, ...FOLLOW_FLAGS, ...RESPONSE_FLAGS, ...TRACED_FLAGS],
  parse: (line) => ({ kind: 'apply', ...commonArguments(line), ...parseApply(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runApply,
});

/** `kubectl trace replace`. */
export const replace = defineCommand<ReplaceInvocation>({
  summary: 'Replace the objects that files name, one traced request for each',
  usage: ['replace -f FILE|FOLDER|- …'],
  examples: [['The object of a file', 'kubectl trace replace -f web.yaml']],
  flags: [...WRITE_FLAGS, ...RESPONSE_FLAGS, ...TRACED_FLAGS],
  parse: (line) => ({ kind: 'replace', ...commonArguments(line), ...parseReplace(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runReplace,
});
