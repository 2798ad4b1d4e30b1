import type { Flag, FlagGroup } from '../cli/flag.ts';
import type { Verb } from './verbs.ts';

/** What every command has that asks the API server for something and looks for the trace of that. */
const TRACED: readonly FlagGroup[] = ['lookup', 'backend', 'export', 'output', 'connection', 'general'];
const ANSWERED: readonly FlagGroup[] = ['answer', ...TRACED];

/** Which groups of flags a command knows. */
export const GROUPS_OF: Readonly<Record<Verb, readonly FlagGroup[]>> = {
  get: ['selection', 'request', 'repeat', 'watch', 'subresource', 'absence', ...ANSWERED],
  create: ['files', 'write', 'fields', 'validation', 'follow', ...ANSWERED],
  apply: ['files', 'apply', 'conflicts', 'write', 'fields', 'validation', 'follow', ...ANSWERED],
  replace: ['files', 'write', 'fields', 'validation', ...ANSWERED],
  patch: ['patch', 'subresource', 'conflicts', 'write', 'fields', ...ANSWERED],
  delete: ['selection', 'delete', 'absence', 'files', 'write', ...ANSWERED],
  raw: ['raw', ...ANSWERED],
  run: ['run', ...TRACED],
  pod: ['follow', 'lookup', 'backend', 'output', 'connection', 'general'],
  show: ['lookup', 'backend', 'output', 'connection', 'general'],
  serve: ['serve', 'connection', 'general'],
  version: ['connection', 'general'],
  help: ['connection', 'general'],
};

export const GROUP_TITLES: Readonly<Record<FlagGroup, string>> = {
  selection: 'Selection flags',
  request: 'Request flags',
  watch: 'Flags of a watch',
  subresource: 'Flags of subresources',
  absence: 'Flags of absent objects',
  answer: 'Flags of the answer',
  repeat: 'Flags of repeating',
  files: 'Flags of files',
  write: 'Flags of writing',
  fields: 'Flags of field ownership',
  validation: 'Flags of validation',
  apply: 'Flags of apply',
  conflicts: 'Flags of conflicts',
  patch: 'Flags of patch',
  delete: 'Flags of delete',
  raw: 'Flags of raw',
  run: 'Flags of run',
  export: 'Flags of exporting',
  follow: 'Flags of following pods',
  lookup: 'Trace look-up flags',
  backend: 'Flags of the trace backend',
  output: 'Output flags',
  serve: 'Flags of serve',
  connection: 'Connection flags, as in kubectl',
  general: 'General flags',
};

/** Groups whose flags are also set by the environment. */
const HAVE_ENVIRONMENT: readonly FlagGroup[] = ['answer', 'follow', 'lookup', 'backend', 'export', 'output', 'serve'];

/** `KUBECTL_TRACE_WAIT`; undefined for what is about one request (its objects, kubectl's connection flags). */
export function environmentName(flag: Flag): string | undefined {
  if (!HAVE_ENVIRONMENT.includes(flag.group)) return undefined;
  return `KUBECTL_TRACE_${flag.name.toUpperCase().replaceAll('-', '_')}`;
}
