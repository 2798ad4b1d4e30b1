import type { Flag, FlagGroup } from './flag.ts';

/** Headings of the help text, in the order in which they are shown. */
export const GROUP_TITLES: Readonly<Record<FlagGroup, string>> = {
  selection: 'Selection flags',
  request: 'Request flags',
  repeat: 'Flags of repeating',
  watch: 'Flags of a watch',
  patch: 'Flags of patch',
  subresource: 'Flags of subresources',
  delete: 'Flags of delete',
  absence: 'Flags of absent objects',
  files: 'Flags of files',
  apply: 'Flags of apply',
  conflicts: 'Flags of conflicts',
  write: 'Flags of writing',
  fields: 'Flags of field ownership',
  validation: 'Flags of validation',
  follow: 'Flags of following pods',
  raw: 'Flags of raw',
  run: 'Flags of run',
  answer: 'Flags of the answer',
  lookup: 'Trace look-up flags',
  backend: 'Flags of the trace backend',
  export: 'Flags of exporting',
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
