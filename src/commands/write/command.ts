import { commonArguments, TRACED_FLAGS } from '../../cli/arguments.ts';
import type { Flag } from '../../cli/flag.ts';
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

/** The flags of `apply` alone, with the names and meanings of kubectl. */
const APPLY_FLAGS: readonly Flag[] = [
  {
    name: 'server-side',
    type: 'boolean',
    group: 'apply',
    help: 'Run apply in the server instead of the client: one request per object. Without it kubectl runs its own apply',
  },
];

/** The flags of every command that writes the objects of files. */
const WRITE_FLAGS = [...FILE_FLAGS, ...DRY_RUN_FLAGS, ...FIELD_FLAGS, ...VALIDATION_FLAGS];

/** `create`. */
export const create = defineCommand<CreateInvocation>({
  summary: 'Create objects from files, with one traced request per object',
  usage: ['create -f FILE|FOLDER|- …'],
  examples: [
    ['Create the objects of a file', 'create -f web.yaml'],
    ['Send the request through admission without persisting it', 'create -f web.yaml --dry-run=server'],
    ['Create a pod, and follow it until it is Ready or stuck', 'create -f web.yaml --follow'],
  ],
  common: ['filename', 'recursive', 'dry-run', 'follow', 'show-response', 'output', 'backend', 'wait'],
  flags: [...WRITE_FLAGS, ...FOLLOW_FLAGS, ...RESPONSE_FLAGS, ...TRACED_FLAGS],
  parse: (line) => ({ kind: 'create', ...commonArguments(line), ...parseCreate(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runCreate,
});

/** `apply`. */
export const apply = defineCommand<ApplyInvocation>({
  summary: 'Apply files as kubectl does, or in the server with --server-side, and trace the requests',
  usage: ['apply -f FILE|FOLDER|- …'],
  examples: [
    ['Apply all files of a directory, recursively', 'apply -R -f deploy/'],
    ['Apply a file in the server, with one request per object', 'apply --server-side -f web.yaml'],
    ['Apply a deployment, and follow its rollout', 'apply -f web.yaml --follow'],
  ],
  common: ['filename', 'recursive', 'server-side', 'dry-run', 'follow', 'show-response', 'output', 'backend', 'wait'],
  flags: [...WRITE_FLAGS, ...APPLY_FLAGS, ...CONFLICT_FLAGS, ...FOLLOW_FLAGS, ...RESPONSE_FLAGS, ...TRACED_FLAGS],
  parse: (line) => ({ kind: 'apply', ...commonArguments(line), ...parseApply(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runApply,
});

/** `replace`. */
export const replace = defineCommand<ReplaceInvocation>({
  summary: 'Replace objects from files, with one traced request per object',
  usage: ['replace -f FILE|FOLDER|- …'],
  examples: [['Replace the objects of a file', 'replace -f web.yaml']],
  common: ['filename', 'recursive', 'dry-run', 'show-response', 'output', 'backend', 'wait'],
  flags: [...WRITE_FLAGS, ...RESPONSE_FLAGS, ...TRACED_FLAGS],
  parse: (line) => ({ kind: 'replace', ...commonArguments(line), ...parseReplace(line.positionals, line.values) }),
  load: async () => (await import('./run.ts')).runReplace,
});
